/*
 * Trace points on cold paths: functions that do nothing, so that an observer which stops at their
 * addresses finds what happened in the argument registers. Those on hot paths are labels in the
 * assembly.
 */
#include "aegis.h"
#include "network.h"

#define TRACE __attribute__((noinline, noclone, noipa))

TRACE void trace_env_create(uint32_t envid, uint32_t parent)
{
    (void)envid, (void)parent;
}
TRACE void trace_env_run(uint32_t envid)
{
    (void)envid;
}
TRACE void trace_env_destroy(uint32_t envid, uint32_t reason, uint32_t status)
{
    (void)envid, (void)reason, (void)status;
}
TRACE void trace_env_stop(uint32_t envid, uint32_t by)
{
    (void)envid, (void)by;
}
TRACE void trace_env_switch(int32_t slot)
{
    (void)slot;
}
TRACE void trace_revoke_ask(uint32_t envid, uint32_t count, uint32_t kind)
{
    (void)envid, (void)count, (void)kind;
}
TRACE void trace_emergency(uint32_t envid, uint32_t server)
{
    (void)envid, (void)server;
}
TRACE void trace_revoke_answer(uint32_t envid, uint32_t kind)
{
    (void)envid, (void)kind;
}
TRACE void trace_revoke_refuse(uint32_t envid, uint32_t count, uint32_t spoken, uint32_t kind)
{
    (void)envid, (void)count, (void)spoken, (void)kind;
}
TRACE void trace_revoke_tell(uint32_t envid, uint32_t count, uint32_t deadline, uint32_t kind)
{
    (void)envid, (void)count, (void)deadline, (void)kind;
}
TRACE void trace_repossess_begin(uint32_t envid, uint32_t kind)
{
    (void)envid, (void)kind;
}
TRACE void trace_repossess(uint32_t envid, uint32_t instance, uint32_t kind)
{
    (void)envid, (void)instance, (void)kind;
}
TRACE void trace_repossess_end(uint32_t envid, uint32_t kind)
{
    (void)envid, (void)kind;
}
TRACE void trace_asid_revoke(uint32_t envid, uint32_t context, uint32_t asid)
{
    (void)envid, (void)context, (void)asid;
}
TRACE void trace_slice_overrun(uint32_t envid, uint32_t excess)
{
    (void)envid, (void)excess;
}
TRACE void trace_slice_forfeit(uint32_t envid, uint32_t position)
{
    (void)envid, (void)position;
}
TRACE void trace_fault(uint32_t envid, uint32_t cause, uint32_t epc, uint32_t address)
{
    (void)envid, (void)cause, (void)epc, (void)address;
}
TRACE void trace_panic(const char *message)
{
    (void)message;
}
TRACE void trace_filter_install(uint32_t envid, uint32_t filter, uint32_t atoms,
                                uint32_t instructions)
{
    (void)envid, (void)filter, (void)atoms, (void)instructions;
}
TRACE void trace_filter_refuse(uint32_t envid, uint32_t error, uint32_t filter)
{
    (void)envid, (void)error, (void)filter;
}
TRACE void trace_filter_remove(uint32_t envid, uint32_t filter, uint32_t taken)
{
    (void)envid, (void)filter, (void)taken;
}
TRACE void trace_packet_drop(uint32_t envid, uint32_t filter, uint32_t bytes)
{
    (void)envid, (void)filter, (void)bytes;
}
TRACE void trace_ash_download(uint32_t envid, uint32_t ash, uint32_t source, uint32_t code)
{
    (void)envid, (void)ash, (void)source, (void)code;
}
TRACE void trace_ash_refuse(uint32_t envid, uint32_t index, uint32_t word)
{
    (void)envid, (void)index, (void)word;
}
TRACE void trace_ash_abort(uint32_t envid, uint32_t ash, uint32_t reason)
{
    (void)envid, (void)ash, (void)reason;
}
