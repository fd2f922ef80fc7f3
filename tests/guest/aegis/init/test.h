/* What the parts of the test environment share. Results are TAP lines on terminal line 1. */
#ifndef TEST_H
#define TEST_H

#include "abi-calls.h"

#define UPAGE ((volatile struct aegis_upage *)0x7f000000)
#define BOOT ((const struct aegis_boot_info *)0x7f001000)
#define TEST_LINE 1u
#define VALID AEGIS_ENTRYLO_VALID
#define WRITABLE (AEGIS_ENTRYLO_VALID | AEGIS_ENTRYLO_WRITABLE)

void ok(int condition, const char *name);
void note(const char *text, uint32_t value);
const struct aegis_capability *line_capability(uint32_t line);
/* Maps the exported pages; readable at these addresses. */
const volatile struct aegis_header *exported_header(void);
const volatile struct aegis_env *exported_env(uint32_t envid);
const volatile struct aegis_page *exported_page(uint32_t page);

int yield_to(uint32_t envid);
int wait_for(uint32_t physical, uint32_t old, uint32_t deadline);
int raw_call(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2);
uint32_t probe_load(uint32_t address);
void probe_store(uint32_t address, uint32_t value);
void probe_overflow(void);
void probe_break(void);
void probe_cop1(void);
void slice_start(void);
void slice_end(void);
void on_exception(void);
void on_miss(void);
extern volatile uint32_t exception_count[16], exception_address, miss_entry, miss_count;
extern volatile int32_t miss_result;

void test_capabilities(void);
void test_pages(void);
void test_translation(void);
void test_exceptions(void);
void test_environments(void);
void test_slices(void);
void test_transfers(void);
void test_revocation(void);
void test_lines(void);
void test_disk(void);
void test_costs(void);

#endif
