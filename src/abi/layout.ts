/**
 * Layout of the shared structures, and their generic reader. Offsets follow from the definitions and nowhere else.
 */

import type { FieldDefinition, StructureDefinition } from './structures.js';

export interface PlacedField {
  readonly field: FieldDefinition;
  readonly offset: number;
  readonly unit: number;
}

const UNIT = { u32: 4, u16: 2, u8: 1 } as const;

/** Fields with their byte offsets; throws when they do not fit the fixed size. */
export function placeFields(structure: StructureDefinition): readonly PlacedField[] {
  let offset = 0;
  const placed: PlacedField[] = [];
  for (const field of structure.fields) {
    const unit = UNIT[field.type];
    if (field.at !== undefined) {
      if (field.at < offset) throw new Error(`${structure.name}.${field.name}: overlaps what is before it`);
      offset = field.at;
    }
    if (offset % unit !== 0) throw new Error(`${structure.name}.${field.name}: not aligned`);
    placed.push({ field, offset, unit });
    offset += unit * (field.count ?? 1);
  }
  if (offset > structure.size)
    throw new Error(`${structure.name}: ${offset} bytes do not fit ${structure.size}`);
  return placed;
}

type Value<F extends FieldDefinition> = F extends { readonly count: number } ? readonly number[] : number;

/** A structure read out of guest memory: numbers, and arrays of numbers. */
export type StructureValue<S extends StructureDefinition> = {
  readonly [F in S['fields'][number] as F['name']]: Value<F>;
};

const placedFields = new WeakMap<StructureDefinition, readonly PlacedField[]>();

function fieldsOf(structure: StructureDefinition): readonly PlacedField[] {
  let placed = placedFields.get(structure);
  if (placed === undefined) {
    placed = placeFields(structure);
    placedFields.set(structure, placed);
  }
  return placed;
}

/** Byte offset of a field. */
export function offsetOf<S extends StructureDefinition>(
  structure: S,
  name: S['fields'][number]['name'],
): number {
  const placed = fieldsOf(structure).find((entry) => entry.field.name === name);
  if (placed === undefined) throw new Error(`${structure.name} has no field ${name}`);
  return placed.offset;
}

/** Reads a structure at byte offset `base` of guest RAM. */
export function readStructure<S extends StructureDefinition>(
  structure: S,
  view: DataView,
  base: number,
): StructureValue<S> {
  const result: Record<string, number | number[]> = {};
  for (const { field, offset, unit } of fieldsOf(structure)) {
    const read = (at: number): number =>
      unit === 4 ? view.getUint32(at, true) : unit === 2 ? view.getUint16(at, true) : view.getUint8(at);
    const at = base + offset;
    result[field.name] =
      field.count === undefined
        ? read(at)
        : Array.from({ length: field.count }, (_, index) => read(at + index * unit));
  }
  return result as StructureValue<S>;
}
