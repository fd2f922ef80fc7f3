/**
 * What frame buffers share: turning pixels into the picture a monitor shows. The machine's public face for it is `Screen`
 * (`machine-types.ts`); chips count `generation` up whenever the picture may have changed, and draw when asked.
 */

/** Draws one byte a pixel through a palette of 0xrrggbb values. `stride` is the bytes from line to line of `pixels`. */
export function drawIndexed(
  into: Uint8Array,
  pixels: Uint8Array,
  stride: number,
  width: number,
  height: number,
  palette: Int32Array,
): void {
  let at = 0;
  for (let y = 0; y < height; y++) {
    const line = y * stride;
    for (let x = 0; x < width; x++) {
      const colour = palette[pixels[line + x] as number] as number;
      into[at] = colour >>> 16;
      into[at + 1] = colour >>> 8;
      into[at + 2] = colour;
      at += 3;
    }
  }
}

/** One pixel of a picture, if it is inside. */
export function putPixel(
  into: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  colour: number,
): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const at = (y * width + x) * 3;
  into[at] = colour >>> 16;
  into[at + 1] = colour >>> 8;
  into[at + 2] = colour;
}

/** Little-endian access to video memory; the offset is aligned to the size. */
export function readMemory(memory: Uint8Array, offset: number, size: 1 | 2 | 4): number {
  const low = memory[offset] as number;
  if (size === 1) return low;
  const half = low | ((memory[offset + 1] as number) << 8);
  if (size === 2) return half;
  return (half | ((memory[offset + 2] as number) << 16) | ((memory[offset + 3] as number) << 24)) >>> 0;
}

export function writeMemory(memory: Uint8Array, offset: number, value: number, size: 1 | 2 | 4): void {
  memory[offset] = value;
  if (size === 1) return;
  memory[offset + 1] = value >>> 8;
  if (size === 2) return;
  memory[offset + 2] = value >>> 16;
  memory[offset + 3] = value >>> 24;
}
