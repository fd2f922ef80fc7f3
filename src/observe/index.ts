/** The public face of the observer: view data, symbols, and what turns a machine into them. */

export { totalCycles } from './accounts.js';
export { explain } from './explanations.js';
export { currentProgram, stationAddress } from './ledger.js';
export { Observer, type ObserverSymbols } from './observer.js';
export { checkOwnership } from './ownership.js';
export { type NamedAddress, parseSymbolTable, SymbolTable } from './symbols.js';
export * from './types.js';
