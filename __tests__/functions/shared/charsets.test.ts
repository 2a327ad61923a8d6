import { textIn } from "../../../functions/shared/charsets";

test.each([
  ["windows-1252", [0x80, 0x93, 0xe9], "€“é"],
  ["CP1252", [0x99], "™"],
  ["iso-8859-1", [0x80, 0xe9], "\u0080é"],
  ["Latin1", [0xe9], "é"],
  ["us-ascii", [0x41], "A"],
  ["utf-8", [0xef, 0xbb, 0xbf, 0x41], "A"],
  ["utf-16le", [0x41, 0x00], "A"],
  ["iso-8859-15", [0xa4], "€"],
])("%s", (charset, bytes, text) => {
  expect(textIn(Uint8Array.from(bytes), charset)).toBe(text);
});

test.each([
  ["us-ascii", [0x80]],
  ["windows-1252", [0x81]],
  ["utf-8", [0xc3]],
  ["utf-8", [0xed, 0xa0, 0x80]],
  ["utf-16le", [0x00, 0xd8]],
])("what is no text in %s is none", (charset, bytes) => {
  expect(textIn(Uint8Array.from(bytes), charset)).toBeUndefined();
});

test("an unknown charset is an error", () => {
  expect(() => textIn(new Uint8Array(), "klingon")).toThrow("not supported");
});
