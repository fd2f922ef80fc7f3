/** Public face of the interface definition: calls, structures, constants, errors, events, and readers of guest memory. */

export { AEGIS_CALLS, CALL_COUNT, type CallArgument, type CallDefinition } from './calls.js';
export {
  AEGIS,
  AEGIS_CONSTANTS,
  type ConstantDefinition,
  DESTROY_REASON,
  ENV_STATE,
  REVOKE_STAGE,
} from './constants.js';
export { renderAll } from './emit.js';
export { AEGIS_ERRORS, type ErrorDefinition, LIBRARY_ERRORS } from './errors.js';
export { EVENTS, type EventDefinition, type EventRegister } from './events.js';
export { offsetOf, placeFields, readStructure, type StructureValue } from './layout.js';
export { LIBRARY, LIBRARY_CALLS, LIBRARY_CONSTANTS, type LibraryCallDefinition } from './library.js';
export { DIFFERENCES } from './manual/differences.js';
export { type ManualPage, renderText } from './manual/page.js';
export { manualPages } from './manual/pages.js';
export { MEASURED_COSTS } from './measured.js';
export * from './readers.js';
export {
  ASH,
  ATOM,
  BOOT_INFO,
  COLOUR,
  CONTEXT,
  DMA,
  ENVIRONMENT,
  EXTENT,
  FILTER,
  type FieldDefinition,
  HEADER,
  IMAGE_HEADER,
  LINE,
  NETWORK,
  PAGE,
  SLICES,
  STLB_ENTRY,
  STRUCTURES,
  type StructureDefinition,
  TILE,
  UPAGE,
} from './structures.js';
