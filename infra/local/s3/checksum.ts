import { hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Byte-wise table of a reflected CRC of 32 bits. */
const crcTable = (polynomial: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });

const CASTAGNOLI = crcTable(0x82f63b78);

const crc32c = (bytes: Uint8Array): Buffer => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CASTAGNOLI[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return word(~crc);
};

/** CRC-64/NVME, reflected polynomial 0x9A6C9329AC4BC9B5; the tables hold its upper and lower halves, for BigInt is slow. */
const NVME = (() => {
  const upper = new Uint32Array(256);
  const lower = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    upper[index] = Number(value >> 32n);
    lower[index] = Number(value & 0xffffffffn);
  }
  return { upper, lower };
})();

const crc64nvme = (bytes: Uint8Array): Buffer => {
  let [upper, lower] = [0xffffffff, 0xffffffff];
  for (const byte of bytes) {
    const index = (lower ^ byte) & 0xff;
    lower = ((lower >>> 8) | (upper << 24)) ^ (NVME.lower[index] ?? 0);
    upper = (upper >>> 8) ^ (NVME.upper[index] ?? 0);
  }
  return Buffer.concat([word(~upper), word(~lower)]);
};

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

/** The checksum algorithms of x-amz-checksum-*: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
export const algorithms = {
  crc32: (bytes: Uint8Array) => word(crc32(bytes)),
  crc32c,
  crc64nvme,
  sha1: (bytes: Uint8Array) => hash("sha1", bytes, "buffer"),
  sha256: (bytes: Uint8Array) => hash("sha256", bytes, "buffer"),
};

export type Algorithm = keyof typeof algorithms;

/** Whether x-amz-checksum-`name` is one that is verified here. */
export const isAlgorithm = (name: string): name is Algorithm => Object.hasOwn(algorithms, name);

/** The checksum of `bytes` in base64, as the headers carry it. */
export const checksum = (algorithm: Algorithm, bytes: Uint8Array): string =>
  algorithms[algorithm](bytes).toString("base64");
