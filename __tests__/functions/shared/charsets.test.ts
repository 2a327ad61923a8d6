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
  ["iso-8859-9", [0x80, 0x9f, 0xf0], "\u0080\u009fğ"],
  ["latin5", [0x80, 0xfd], "\u0080ı"],
  ["windows-1254", [0x80, 0xf0], "€ğ"],
  ["tis-620", [0x80, 0xa1], "\u0080ก"],
  ["iso-8859-11", [0x9f], "\u009f"],
  ["windows-874", [0x80], "€"],
  ["utf-16", [0xfe, 0xff, 0x00, 0x41], "A"],
  ["UTF-16", [0xff, 0xfe, 0x41, 0x00], "A"],
  ["utf-16", [0x41, 0x00], "A"],
])("%s", (charset, bytes, text) => {
  expect(textIn(Uint8Array.from(bytes), charset)).toBe(text);
});

test.each([
  ["us-ascii", [0x80]],
  ["windows-1252", [0x81]],
  ["tis-620", [0xdb]],
  ["utf-8", [0xc3]],
  ["utf-8", [0xed, 0xa0, 0x80]],
  ["utf-16le", [0x00, 0xd8]],
])("what is no text in %s is none", (charset, bytes) => {
  expect(textIn(Uint8Array.from(bytes), charset)).toBeUndefined();
});

test("an unknown charset is an error", () => {
  expect(() => textIn(new Uint8Array(), "klingon")).toThrow("not supported");
});
