/*
 * Addressing contexts (SOSP'95 sections 5.1, 3.3) and the hardware's names for them. A context is a
 * set of mappings in TLB and STLB, told from others by an ASID; there are more contexts than ASIDs.
 * One that is to be used has an ASID or gets one; when none is free Aegis takes some from others
 * and tells nobody: nothing is lost but what can be mapped again.
 * Invariants: what runs has an ASID. A record's entry_hi is that of the context that it installed
 * last. An ASID without owner has no entry in TLB or STLB; one of a freed context stays its owner's
 * until it is taken.
 */
#include "aegis.h"

#define ASID_SHIFT 6
#define ASIDS_AT_ONCE 8u
#define GROUP_SHIFT 9
#define GROUP_MASK 0xe00u

static uint32_t slot_of(uint32_t envid)
{
    return envid & (AEGIS_ENV_COUNT - 1);
}

/* ASID 0 is nobody's: it stands for none. */
static uint32_t free_asid(void)
{
    for (uint32_t asid = 1; asid < AEGIS_ASID_COUNT; asid++)
        if (header->asid_owner[asid] == 0)
            return asid;
    return 0;
}

/* The record of an environment follows that of the context that it installed last. */
static void follow(uint32_t number)
{
    struct aegis_env *env = &envs[slot_of(contexts[number].owner)];
    if (env->context != number)
        return;
    env->entry_hi = contexts[number].entry_hi;
    env->stlb_tag = (uint32_t)stlb ^ env->entry_hi << 3;
    slice_gate_again(env);
}

/* Takes the next group of ASIDs but that of what runs: a sweep of the STLB takes as long for one. */
static void revoke_asids(void)
{
    static uint32_t last;
    uint32_t running = current_env->entry_hi, group, i;
    do {
        last = (last + 1) % (AEGIS_ASID_COUNT / ASIDS_AT_ONCE);
        group = last << GROUP_SHIFT;
    } while (running != 0 && (running & GROUP_MASK) == group);
    for (i = 0; i < AEGIS_CONTEXT_COUNT; i++) {
        uint32_t entry_hi = contexts[i].entry_hi;
        if (entry_hi == 0 || (entry_hi & GROUP_MASK) != group)
            continue;
        contexts[i].entry_hi = 0;
        follow(i);
        header->asid_revoked_count++;
        trace_asid_revoke(contexts[i].owner, i, entry_hi >> ASID_SHIFT);
    }
    for (i = 0; i < ASIDS_AT_ONCE; i++)
        header->asid_owner[last * ASIDS_AT_ONCE + i] = 0;
    tlb_purge_matching(GROUP_MASK, group, 0, 0);
    stlb_purge_matching(GROUP_MASK, group);
}

void context_name(uint32_t number)
{
    struct aegis_context *context = &contexts[number];
    uint32_t asid;
    if (context->entry_hi != 0)
        return;
    asid = free_asid();
    if (asid == 0) {
        revoke_asids();
        asid = free_asid();
    }
    ASSERT(asid != 0 && context->owner != 0);
    header->asid_owner[asid] = context->owner;
    context->entry_hi = asid << ASID_SHIFT;
    follow(number);
}

uint32_t context_named_for_call(uint32_t epc)
{
    uint32_t call = kernel_state.frame[FRAME_V0], argument = kernel_state.frame[FRAME_A0];
    context_name(call == AEGIS_CALL_CID_SWITCH ? argument : envs[slot_of(argument)].context);
    return epc;
}

void context_purge(const struct aegis_env *env, uint32_t virtual)
{
    for (uint32_t asid = 1; asid < AEGIS_ASID_COUNT; asid++) {
        if (header->asid_owner[asid] != env->id)
            continue;
        tlb_purge(virtual | asid << ASID_SHIFT);
        stlb_purge(virtual | asid << ASID_SHIFT);
    }
}

void context_make_first(struct aegis_env *env)
{
    env->context = slot_of(env->id);
    contexts[env->context].owner = env->id;
}

void context_forget(struct aegis_env *env)
{
    uint32_t i;
    for (i = 0; i < AEGIS_CONTEXT_COUNT; i++)
        if (contexts[i].owner == env->id)
            contexts[i].owner = contexts[i].entry_hi = 0;
    for (i = 0; i < AEGIS_ASID_COUNT; i++)
        if (header->asid_owner[i] == env->id)
            header->asid_owner[i] = 0;
    env->entry_hi = 0;
}

int32_t call_context_alloc(void)
{
    struct aegis_env *env = current_env;
    uint32_t number = AEGIS_ENV_COUNT;
    if (env->context_count >= AEGIS_CONTEXT_QUOTA && !env->privileges)
        return -E_QUOTA;
    while (contexts[number].owner != 0)
        if (++number == AEGIS_CONTEXT_COUNT)
            return -E_NONE;
    contexts[number].owner = env->id;
    env->context_count++;
    return (int32_t)number;
}

int32_t call_context_free(uint32_t context)
{
    struct aegis_env *env = current_env;
    if (context >= AEGIS_CONTEXT_COUNT)
        return -E_RANGE;
    if (contexts[context].owner != env->id)
        return -E_OWNER;
    if (context < AEGIS_ENV_COUNT || context == env->context)
        return -E_BUSY;
    contexts[context].owner = contexts[context].entry_hi = 0;
    env->context_count--;
    return 0;
}
