#!/bin/sh
# Makes clip.mp4, the scene in front of the simulated camera. Needs ffmpeg with libx264, libopus and drawtext,
# and the DejaVu Sans Mono font. Run by hand when the scene changes:
#
#     sh simulator/assets/make-clip.sh
#
# The scene is 24 s long and loops: 600 frames, 640x360, 25 frames/s, H.264 without B-frames, closed groups of
# 20 frames (0.8 s). Every frame carries its number 0..599. The frame at every whole second is white (the flash),
# and a 1 kHz beep of 80 ms starts at the same instant. Between beeps there is a faint noise.
# The sound is Opus, 16 kHz, mono, 40 ms packets, exactly 600 of them. Three rounds are encoded and the middle
# one is kept, so that the encoder's state at the end is the state at the beginning and the loop has no seam.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seconds=24

ffmpeg -v error -y -f lavfi \
	-i "aevalsrc=exprs='0.4*sin(2*PI*1000*t)*lt(mod(t,1),0.08)+0.006*(random(0)-0.5)':s=16000:d=$((3 * seconds))" \
	-ac 1 -c:a libopus -application audio -frame_duration 40 -vbr on -b:a 24k -bitexact "$work/sound.mkv"
ffmpeg -v error -y -i "$work/sound.mkv" -ss "$seconds" -t "$seconds" -c copy -bitexact "$work/round.mkv"

ffmpeg -v error -y \
	-f lavfi -i "testsrc2=size=640x360:rate=25:duration=$seconds" -i "$work/round.mkv" \
	-vf "drawbox=color=white:t=fill:enable='eq(mod(n,25),0)',drawtext=fontfile=/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf:text='%{eif\:n\:d\:4}':x=(w-tw)/2:y=h-th-24:fontsize=64:fontcolor=white:box=1:boxcolor=black:boxborderw=10" \
	-map 0:v -map 1:a -c:a copy \
	-c:v libx264 -threads 1 -pix_fmt yuv420p -profile:v main -preset veryslow -tune zerolatency \
	-b:v 480k -maxrate 700k -bufsize 700k -g 20 -keyint_min 20 -sc_threshold 0 -bf 0 \
	-movflags +faststart -fflags +bitexact -flags:v +bitexact -map_metadata -1 clip.mp4
