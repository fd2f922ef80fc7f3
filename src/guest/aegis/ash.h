/*
 * What the parts of the application-specific handlers share: ash.c (who owns them, running them,
 * the helpers), ash-sandbox.c (inspection and rewriting), ash-enter.S (in, out, and to the
 * helpers).
 */
#ifndef AEGIS_ASH_H
#define AEGIS_ASH_H

/* struct ash_state, for assembly. */
#define ASH_USER_SP 0
#define ASH_KERNEL_SP 4
#define ASH_BUDGET 8
#define ASH_RA 12
#define ASH_FRAME 16
#define ASH_LENGTH 20

/* What comes back from ash_enter when the handler did not end by itself. */
#define ASH_ENDED_BUDGET (-1)
#define ASH_ENDED_PAST (-2)

#ifndef __ASSEMBLER__
#include <stdint.h>

/* The handler under way. */
struct ash_state {
    uint32_t user_sp, kernel_sp;
    int32_t budget; /* instructions left */
    uint32_t ra;
    uint32_t frame, length; /* its message */
};
extern struct ash_state ash_state;

/* Runs a handler on a frame that its filter claims; true when it dealt with it. */
int ash_run(uint32_t number, uint32_t frame, uint32_t length, uint32_t filter);

/*
 * Runs code in its sandbox: loads and stores go to the page at `page` (kseg0). Its v0, at least 0;
 * or one of the above.
 */
int32_t ash_enter(uint32_t length, uint32_t filter, const uint32_t *code, uint32_t page);

/*
 * Inspects `count` instructions linked for `origin` and writes what may run to `code`, at most
 * `room`. Their number, with the time that all of them take once, in instructions; or -1, with the
 * offending instruction's index.
 */
int32_t ash_sandbox(const uint32_t *source, uint32_t count, uint32_t origin, uint32_t *code,
                    uint32_t room, uint32_t *time_or_bad);
#endif
#endif
