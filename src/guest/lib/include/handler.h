/*
 * For handlers that Aegis runs in its interrupt path (ASHs), written in C: one function that calls
 * no other but these, begins with NET_HANDLER and is followed by NET_HANDLER_END. Its argument is
 * the message's length, its result NET_CONSUMED or NET_PASS. Its memory is one page, at NET_DATA;
 * the stack is at that page's end. Aegis refuses what a compiler makes of anything bigger: look at
 * `bad_index` of the exported network record.
 */
#ifndef LIB_HANDLER_H
#define LIB_HANDLER_H

#include <generated/abi-asm.h>
#include <stdint.h>

#define NET_HANDLER __attribute__((section(".text.handler"), noinline, noclone, used))
/* Marks where a handler ends: a function that is never called, behind it in the same section. */
#define NET_HANDLER_END(name)                                                                      \
    void name(void);                                                                               \
    NET_HANDLER void name(void)                                                                    \
    {                                                                                              \
        __asm__ volatile("");                                                                      \
    }

#define NET_CONSUMED AEGIS_ASH_CONSUMED
#define NET_PASS AEGIS_ASH_PASS

/* Any multiple of a page will do: only the offset counts. */
#define NET_DATA 0x00001000u

#define NET_CLOBBERED                                                                              \
    "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo", "memory"

/* The word of the message at an offset, 0 beyond its end. */
static inline uint32_t handler_load(uint32_t offset)
{
    register uint32_t v0 __asm__("$2");
    register uint32_t a0 __asm__("$4") = offset;
    __asm__ volatile("syscall %1" : "=r"(v0) : "i"(AEGIS_ASH_LOAD), "r"(a0) : "$3");
    return v0;
}

/* Copies a part of the message to a place of the pages (offset and place multiples of 4). */
static inline int32_t handler_copy(uint32_t offset, uint32_t place, uint32_t bytes)
{
    register int32_t v0 __asm__("$2");
    register uint32_t a0 __asm__("$4") = offset;
    register uint32_t a1 __asm__("$5") = place;
    register uint32_t a2 __asm__("$6") = bytes;
    __asm__ volatile("syscall %4"
                     : "=r"(v0), "+r"(a0), "+r"(a1), "+r"(a2)
                     : "i"(AEGIS_ASH_COPY)
                     : "$3", "$7", NET_CLOBBERED);
    return v0;
}

/* The same, and the Internet checksum (not inverted) of what was copied, or -1 when refused. */
static inline int32_t handler_copy_sum(uint32_t offset, uint32_t place, uint32_t bytes)
{
    register int32_t v0 __asm__("$2");
    register int32_t v1 __asm__("$3");
    register uint32_t a0 __asm__("$4") = offset;
    register uint32_t a1 __asm__("$5") = place;
    register uint32_t a2 __asm__("$6") = bytes;
    __asm__ volatile("syscall %5"
                     : "=r"(v0), "=r"(v1), "+r"(a0), "+r"(a1), "+r"(a2)
                     : "i"(AEGIS_ASH_COPY_SUM)
                     : "$7", NET_CLOBBERED);
    return v0 < 0 ? -1 : v1;
}

/* Sends a frame from a place of the pages. */
static inline int32_t handler_send(uint32_t place, uint32_t bytes)
{
    register int32_t v0 __asm__("$2");
    register uint32_t a0 __asm__("$4") = place;
    register uint32_t a1 __asm__("$5") = bytes;
    __asm__ volatile("syscall %3"
                     : "=r"(v0), "+r"(a0), "+r"(a1)
                     : "i"(AEGIS_ASH_SEND)
                     : "$3", "$6", "$7", NET_CLOBBERED);
    return v0;
}

/* Wakes the owner. */
static inline void handler_wake(void)
{
    __asm__ volatile("syscall %0"
                     :
                     : "i"(AEGIS_ASH_WAKE)
                     : "$2", "$3", "$4", "$5", "$6", "$7", NET_CLOBBERED);
}

#endif
