import { expect, it } from "vitest";
import { ProtocolError } from "../../errors.ts";
import { agreedMtu } from "./mtu.ts";

it.each([
	[null, 23],
	[23, 23],
	[185, 185],
	[498, 498],
	[517, 498],
])("of a camera that says %s is %i octets", (theirs, agreed) => {
	expect(agreedMtu("cam1", theirs)).toBe(agreed);
});

it("below the least there is says so", () => {
	expect(() => agreedMtu("cam1", 10)).toThrow(ProtocolError);
	expect(() => agreedMtu("cam1", 10)).toThrow("cam1 wants an MTU of 10 octets, 23 is the least there is");
});
