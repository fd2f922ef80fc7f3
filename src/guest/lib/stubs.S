/* The library call stubs (generated): each a jump to its place in the library OS's vector. */
#include <generated/abi-asm.h>
#include <generated/library-stubs.h>
