/* The attack suite: unprivileged environments that do what they are told, and one that must be left in peace. */
#ifndef ATTACK_H
#define ATTACK_H

#include "test.h"

/* Physical pages of the suite, by name, so that the host finds them. */
#define CODE_PAGE 1590u
#define PEACE_PAGE 1591u
#define SERVICE_PAGE 1500u
#define BATCH_PAGES 4u
#define BATCH_PAGE(n) (1600u + BATCH_PAGES * (n))
#define ATTACKER_COUNT 4u

#define DO_LOAD 256u
#define DO_STORE 257u
#define DO_JUMP 258u
#define FAULT(code) (0xfa000000u + (code))
#define EXC_TLBL 2u
#define EXC_ADEL 4u
#define EXC_CPU 11u

#define AT(window) ((volatile uint32_t *)(AEGIS_GUARANTEED_BASE + (window) * AEGIS_PAGE_SIZE))
#define PEACE AT(23)
#define WORK AT(28)

extern uint32_t attacker[ATTACKER_COUNT], bystander;
/* A child of the suite's own: `pages` pages from `first` on are its guaranteed mappings from 4 on. */
uint32_t attack_start(child_code *entry, uint32_t first, uint32_t pages);
void attackers_start(uint32_t count);
void attackers_stop(void);
/* Maps a page of one's own at a window of init's. */
volatile uint32_t *show(uint32_t window, uint32_t page);
/* Has attacker n make a call (or do something else); what came back. */
uint32_t attack(uint32_t n, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
                uint32_t t0);
/* The same for several at once, at most 60; batch_run answers with the last one's result. */
#define BATCH_LOST 0x105706u
#define BATCH_ROOM 60u
void batch_put(uint32_t n, uint32_t index, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2,
               uint32_t a3, uint32_t t0);
uint32_t batch_run(uint32_t n, uint32_t count);
static inline volatile uint32_t *batch_record(uint32_t n, uint32_t index)
{
    return AT(24 + n) + 16 * (index + 1);
}
#define ATTACK3(n, number, a0, a1, a2) attack(n, number, a0, a1, a2, 0, 0)
/* A call that takes a capability first. */
uint32_t attack_with(uint32_t n, uint32_t number, const struct aegis_capability *cap, uint32_t t0);
/* The capability that the last call of attacker n returned. */
struct aegis_capability attack_result(uint32_t n);
#define REFUSED(error) ((uint32_t)-(error))
void let_pass(uint32_t ticks);
/* The host, which sees this function entered, adds 2^24 - 1 to the epoch of a page. */
void epoch_goes_round(uint32_t page);

void attack_capabilities(void);
void attack_bindings(void);
void attack_contexts(void);
void attack_time(void);
void attack_hoarding(void);
void attack_pointers(void);
void serve_fuzzer(void);

extern const uint32_t worker_code[], worker_code_end[], worker_fault[], bystander_code[],
    bystander_code_end[];
/* Entries of init's own: see worker.S. */
extern void entered_twice(void), entered_thrice(void);
extern volatile uint32_t entered_count;

#endif
