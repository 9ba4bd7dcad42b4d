import { describe, expect, it } from "vitest";
import { memoryNeeds, moduleSizes, sectionSizes } from "../runtime/mps3-an547/size-report.mjs";

const MAP = `Archive member included to satisfy reference by file (symbol)

 .text          0x00000000       0x40 discarded.o

Linker script and memory map

LOAD a.o

.vectors        0x10000000      0x100
 .vectors       0x10000000      0x100 port-mps3-an547-startup.o

.text           0x11000000      0x400
 *(.text .text.*)
 .text.fxRunLoop
                0x11000000      0x200 xsRun.o
                0x11000000                fxRunLoop
 .text.bcIndex  0x11000200       0x80 port-common-natives.o
 *fill*         0x11000280        0x4 
 .text.empty    0x11000284        0x0 xsRun.o
 .text          0x11000284       0x7c /usr/lib/thumb/libc.a(lib_a-memchr.o)

.rodata         0x11000400       0x10
 .rodata.table  0x11000400       0x10 /home/x/libsodium.a(ed25519.c.o)

.data           0x31000000        0x8 load address 0x11000500
 .data.x        0x31000000        0x8 port-crypto-sha256.o

.bss            0x31000008       0x20
 COMMON         0x31000008       0x20 xsRun.o

.debug_info     0x00000000     0x1000
 .debug_info    0x00000000     0x1000 xsRun.o
`;

const LISTING = `bodycam.elf  :
section              size         addr
.vectors              256    268435456
.text                1024    285212672
.rodata                16    285213696
.data                   8    822083584
.bss                   32    822083592
.malloc             65536    822083624
.stack              40960    805306368
.inbound            40976   1610678272
.debug_info          4096            0
Total              111884
`;

describe("the size report", () => {
	it("adds up the map by module and kind, largest first, without debug information and discarded sections", () => {
		expect(moduleSizes(MAP)).toEqual([
			{ module: "xs/xsRun", code: 0x200, constants: 0, data: 0, zeroed: 0x20 },
			{ module: "port/mps3-an547", code: 0x100, constants: 0, data: 0, zeroed: 0 },
			{ module: "port/common", code: 0x80, constants: 0, data: 0, zeroed: 0 },
			{ module: "libc", code: 0x7c, constants: 0, data: 0, zeroed: 0 },
			{ module: "libsodium", code: 0, constants: 0x10, data: 0, zeroed: 0 },
			{ module: "port/crypto", code: 0, constants: 0, data: 8, zeroed: 0 },
			{ module: "alignment", code: 4, constants: 0, data: 0, zeroed: 0 },
		]);
	});

	it("reads the sections and leaves debug information out", () => {
		expect(Object.keys(sectionSizes(LISTING))).not.toContain(".debug_info");
		expect(sectionSizes(LISTING)).toMatchObject({ ".text": 1024, ".stack": 40960 });
	});

	it("counts initialised data both as flash and as RAM, and the shared queues as neither", () => {
		expect(memoryNeeds(sectionSizes(LISTING))).toEqual({
			flash: 256 + 1024 + 16 + 8,
			ram: 8 + 32 + 65536 + 40960,
		});
	});
});
