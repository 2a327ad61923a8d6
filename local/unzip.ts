import { unzipSync } from "fflate";

/** More than any package here has, and less than hurts: a few kilobytes can claim to be gigabytes. */
const MOST_BYTES = 268_435_456;

/**
 * The files of a zip archive. Sizes are what the archive says before anything is unpacked, and no more is unpacked than that.
 *
 * @param most in bytes. @default 256 MiB
 * @throws Error where it is none, or larger
 */
export function unzip(content: Uint8Array, most = MOST_BYTES): Record<string, Uint8Array> {
  let bytes = 0;
  return unzipSync(content, {
    filter: ({ name, originalSize }) => {
      bytes += originalSize;
      if (bytes > most) throw new Error(`the archive is over ${most} bytes from ${name} on`);
      return true;
    },
  });
}
