/**
 * What TextDecoder reads as the Windows charset that came after them, with characters where they have controls (0x80 to 0x9f), and that charset's own names. ISO-8859-1 is among
 * windows-1252's below.
 */
const LATER_WINDOWS: Readonly<Record<string, RegExp>> = {
  "windows-1254": /1254$/,
  "windows-874": /874$/,
};

/** What TextDecoder reads as windows-1252 and RFCs and IANA do not: it does so for the Web's old pages. */
const ASCII: ReadonlySet<string> = new Set(["us-ascii", "ascii", "ansi_x3.4-1968", "iso-ir-6"]);
const WINDOWS: ReadonlySet<string> = new Set(["windows-1252", "cp1252", "x-cp1252"]);

/** windows-1252 from 0x80 to 0x9f; U+FFFD where it has no character. Node's own decoder takes Latin 1 for it in some versions (nodejs/node#56542). */
const FROM_80 =
  "\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd" +
  "\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178";

const UTF_16_BE = new TextDecoder("utf-16be", { fatal: true });
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The text of bytes; nothing where they are none in that charset.
 *
 * @param charset a name of the IANA's; case does not matter
 * @throws RangeError where the charset is not known
 */
export function textIn(bytes: Uint8Array, charset: string): string | undefined {
  const name = charset.trim().toLowerCase();
  const decoder = name === "utf-8" ? UTF_8 : new TextDecoder(name, { fatal: true });
  if (decoder.encoding === "windows-1252") return singleBytes(bytes, name);
  if (LATER_WINDOWS[decoder.encoding]?.test(name) === false) return withControls(bytes, (byte) => decoder.decode(byte));
  try {
    // RFC 2781: a byte order mark decides; TextDecoder takes little-endian in both cases.
    if (name === "utf-16" && bytes[0] === 0xfe && bytes[1] === 0xff) return UTF_16_BE.decode(bytes);
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** ISO-8859-9 and -11: from 0x80 to 0x9f they have the controls that Unicode has there. */
function withControls(bytes: Uint8Array, decode: (bytes: Uint8Array) => string): string | undefined {
  const characters = new Map<string, string>();
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replace(/[\u00a0-\u00ff]/g, (byte) => {
      const character = characters.get(byte) ?? characterOf(byte.charCodeAt(0), decode);
      characters.set(byte, character);
      return character;
    });
  return text.includes(NOTHING) ? undefined : text;
}

const NOTHING = "\ufffd";

/** @returns U+FFFD where there is none; Node's own decoder answers some of these with a character for private use */
function characterOf(byte: number, decode: (bytes: Uint8Array) => string): string {
  try {
    const character = decode(Uint8Array.of(byte));
    return /^[^\ue000-\uf8ff]$/.test(character) ? character : NOTHING;
  } catch {
    return NOTHING;
  }
}

function singleBytes(bytes: Uint8Array, name: string): string | undefined {
  if (ASCII.has(name) && bytes.some((byte) => byte > 0x7f)) return undefined;
  const latin1 = Buffer.from(bytes).toString("latin1");
  if (!WINDOWS.has(name)) return latin1;
  const text = latin1.replace(/[\u0080-\u009f]/g, (control) => FROM_80.charAt(control.charCodeAt(0) - 0x80));
  return text.includes(NOTHING) ? undefined : text;
}
