/**
 * SHA-256 (FIPS 180-4) whose whole state lies in a context of 128 bytes, like the native one: words 0–7 the hash
 * value, bytes 32–95 the open block, word 24 bytes in it, words 26–27 the message length in bytes (high, low).
 */
const BLOCK = 32;
const FILL = 96;
const LENGTH = 104;

const PRIMES: number[] = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((prime) => n % prime !== 0)) PRIMES.push(n);

function fraction(root: number): number {
	return ((root - Math.floor(root)) * 0x1_0000_0000) >>> 0;
}

const K = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const INITIAL = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const W = new Uint32Array(64);

function rotate(x: number, bits: number): number {
	return (x >>> bits) | (x << (32 - bits));
}

function compress(view: DataView, context: number, block: DataView, at: number): void {
	for (let i = 0; i < 16; i++) W[i] = block.getUint32(at + i * 4);
	for (let i = 16; i < 64; i++) {
		const x = W[i - 15] as number;
		const y = W[i - 2] as number;
		const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
		const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
		W[i] = ((W[i - 16] as number) + s0 + (W[i - 7] as number) + s1) | 0;
	}
	let a = view.getUint32(context);
	let b = view.getUint32(context + 4);
	let c = view.getUint32(context + 8);
	let d = view.getUint32(context + 12);
	let e = view.getUint32(context + 16);
	let f = view.getUint32(context + 20);
	let g = view.getUint32(context + 24);
	let h = view.getUint32(context + 28);
	const start = [a, b, c, d, e, f, g, h];
	for (let i = 0; i < 64; i++) {
		const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
		const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (W[i] as number)) | 0;
		const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
		const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
		h = g;
		g = f;
		f = e;
		e = (d + t1) | 0;
		d = c;
		c = b;
		b = a;
		a = (t1 + t2) | 0;
	}
	[a, b, c, d, e, f, g, h].forEach((word, i) => {
		view.setUint32(context + i * 4, (word + (start[i] as number)) | 0);
	});
}

/** Begins a digest in the context. */
export function sha256Begin(view: DataView, context: number): void {
	for (let i = 0; i < 128; i += 4) view.setUint32(context + i, 0);
	INITIAL.forEach((word, i) => {
		view.setUint32(context + i * 4, word);
	});
}

/** Adds bytes. */
export function sha256Update(view: DataView, context: number, data: Uint8Array): void {
	const length =
		view.getUint32(context + LENGTH) * 2 ** 32 + view.getUint32(context + LENGTH + 4) + data.length;
	view.setUint32(context + LENGTH, Math.floor(length / 2 ** 32));
	view.setUint32(context + LENGTH + 4, length % 2 ** 32);
	const block = new Uint8Array(view.buffer, context + BLOCK, 64);
	let fill = view.getUint32(context + FILL);
	let at = 0;
	if (fill > 0) {
		const part = Math.min(64 - fill, data.length);
		block.set(data.subarray(0, part), fill);
		fill += part;
		at = part;
		if (fill === 64) {
			compress(view, context, view, context + BLOCK);
			fill = 0;
		}
	}
	const source = new DataView(data.buffer, data.byteOffset, data.byteLength);
	for (; at + 64 <= data.length; at += 64) compress(view, context, source, at);
	if (at < data.length) {
		block.set(data.subarray(at), 0);
		fill = data.length - at;
	}
	view.setUint32(context + FILL, fill);
}

/** Writes the digest at `to` and zeroes the context. */
export function sha256End(view: DataView, context: number, to: number): void {
	const high = view.getUint32(context + LENGTH);
	const low = view.getUint32(context + LENGTH + 4);
	const fill = view.getUint32(context + FILL);
	const padding = new Uint8Array((fill < 56 ? 64 : 128) - fill);
	padding[0] = 0x80;
	const tail = new DataView(padding.buffer);
	tail.setUint32(padding.length - 8, ((high << 3) | (low >>> 29)) >>> 0);
	tail.setUint32(padding.length - 4, (low << 3) >>> 0);
	sha256Update(view, context, padding);
	for (let i = 0; i < 32; i += 4) view.setUint32(to + i, view.getUint32(context + i));
	for (let i = 0; i < 128; i += 4) view.setUint32(context + i, 0);
}
