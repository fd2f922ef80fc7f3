/* Pages, capabilities, translation, exceptions: one environment alone. */
#include "test.h"

void test_capabilities(void)
{
    struct aegis_capability cap, weak, forged;
    uint32_t child;
    int32_t page = aegis_page_alloc(AEGIS_ANY, &cap);
    ok(page > 0, "a page can be allocated");
    ok(aegis_bind(&cap, 0) == page, "its capability binds and names it");
    forged = cap;
    forged.tag[1] ^= 1;
    ok(aegis_bind(&forged, 0) == -E_CAPABILITY, "a changed tag is refused");
    forged = cap;
    forged.name++;
    ok(aegis_bind(&forged, 0) == -E_CAPABILITY, "a changed name is refused");
    ok(aegis_derive(&cap, AEGIS_RIGHT_READ, &weak) == 0, "fewer rights can be derived");
    ok(aegis_derive(&weak, AEGIS_RIGHT_WRITE, &forged) == -E_RIGHTS, "more rights cannot");
    forged = weak;
    forged.rights = cap.rights;
    ok(aegis_bind(&forged, 0) == -E_CAPABILITY, "raised rights are refused");
    ok(aegis_recap(AEGIS_KIND_PAGE, (uint32_t)page, &weak) == 0 &&
           aegis_bind(&cap, 0) == -E_CAPABILITY,
       "a recalled capability is dead");
    ok(aegis_bind(&weak, 0) == page, "and the new one lives");
    child = (uint32_t)aegis_env_create(0);
    aegis_bind(&weak, child);
    ok(aegis_env_set(child, AEGIS_FIELD_GUARANTEED + 5, (uint32_t)page << 12 | VALID, 0) == 0 &&
           exported_page((uint32_t)page)->pins == 1,
       "a grantee can pin the page");
    aegis_recap(AEGIS_KIND_PAGE, (uint32_t)page, &weak);
    ok(exported_page((uint32_t)page)->pins == 0 && exported_env(child)->guaranteed[5] == 0,
       "until the owner recalls: guaranteed mappings of others go too");
    ok(aegis_env_set(child, AEGIS_FIELD_GUARANTEED + 5, 0x20 << 12 | VALID, 0) == -E_RIGHTS &&
           aegis_env_set(child, AEGIS_FIELD_UPAGE, (uint32_t)page, 0) == -E_OWNER,
       "nobody can pin the kernel's page, or have another's for upage");
    aegis_env_destroy(child, 0);
    aegis_env_reap(child);
    ok(aegis_page_free((uint32_t)page) == 0 && aegis_bind(&weak, 0) == -E_CAPABILITY,
       "it dies with the page");
    ok(aegis_mint(AEGIS_KIND_PAGE, 0x20, AEGIS_RIGHT_READ, &cap) == -E_OWNER,
       "kernel pages are not for minting");
}

void test_pages(void)
{
    struct aegis_capability cap;
    const volatile struct aegis_header *header = exported_header();
    uint32_t count = header->page_count, was_free = header->free_count;
    ok(raw_call(0, 0, 0, 0) == -E_CALL && raw_call(63, 0, 0, 0) == -E_CALL &&
           raw_call(0xffffffff, 0, 0, 0) == -E_CALL,
       "unknown calls are refused");
    ok(aegis_null() == 0 && aegis_null_stack() == 0, "the null calls do nothing");
    ok(aegis_env_self() == (int32_t)BOOT->envid, "an environment knows its name");
    ok(aegis_page_alloc(count - 1, &cap) == (int32_t)(count - 1),
       "a page can be allocated by name");
    ok(aegis_page_alloc(count - 1, &cap) == -E_BUSY, "but not twice");
    ok(header->free_count == was_free - 1, "the exported free count follows");
    ok(exported_page(count - 1)->owner == BOOT->envid, "the exported record names the owner");
    ok(aegis_page_alloc(count, &cap) == -E_RANGE, "there are no more pages than there are");
    ok(aegis_page_alloc(0x20, &cap) == -E_BUSY, "kernel pages are taken");
    ok(aegis_page_free(count - 1) == 0 && aegis_page_free(count - 1) == -E_OWNER,
       "a page is freed once");
    ok(aegis_page_free(BOOT->pages[0]) == -E_BUSY, "the upage cannot be freed");
    ok(aegis_page_free(BOOT->linear_page) == -E_BUSY, "nor a page of the image");
    ok(header->free_count == was_free, "free pages are as before");
}

/* No place of init's own in the STLB is that of the addresses here. */
void test_translation(void)
{
    struct aegis_capability cap;
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, &cap), before;
    volatile uint32_t *at = (volatile uint32_t *)0x20300000;
    ok(aegis_tlb_write(0x20300000, page << 12 | WRITABLE) >= 0,
       "a page of one's own can be mapped");
    at[5] = 12345;
    ok(at[5] == 12345 && miss_count == 0, "and used");
    ok(aegis_tlb_write(0x20301000, 0x20 << 12 | VALID) == -E_RIGHTS, "a kernel page cannot");
    ok(aegis_tlb_write(0x20301000, AEGIS_EXPORT_HEADER | WRITABLE) == -E_RIGHTS,
       "nor an exported one for writing");
    ok(aegis_tlb_write(0x20301000, AEGIS_EXPORT_STLB | WRITABLE) == -E_RIGHTS &&
           aegis_tlb_write(0x20301000, AEGIS_EXPORT_STLB | VALID) >= 0,
       "the STLB can be mapped, for reading only");
    struct aegis_stlb_entry *entries = (struct aegis_stlb_entry *)0x20301000;
    uint32_t space = exported_env(BOOT->envid)->entry_hi, index = (0x20300 ^ space) & 4095;
    aegis_tlb_write(0x20301000, (AEGIS_EXPORT_STLB + index / 512 * 4096) | VALID);
    ok(entries[index % 512].entry_hi == (0x20300000 | space) &&
           entries[index % 512].entry_lo == (page << 12 | WRITABLE),
       "where an application finds its own mapping");
    aegis_tlb_delete(0x20301000);
    ok(aegis_tlb_write(0x20301000, page << 12 | VALID | 0x100) == -E_RANGE,
       "nor anything globally");
    ok(aegis_tlb_write(0x80000000, page << 12 | VALID) == -E_RANGE, "nor in the kernel's space");
    ok(aegis_tlb_write(0x7f000000, page << 12 | VALID) == -E_RANGE, "nor over guaranteed mappings");
    ok(aegis_tlb_write(0x20301000, 0xfffff000 | VALID) == -E_RANGE, "nor what is no memory");
    for (uint32_t i = 0; i < 80; i++) /* push it out of the TLB, not out of the STLB */
        aegis_tlb_write(0x20100000 + i * 4096, page << 12 | VALID);
    ok(at[5] == 12345 && miss_count == 0, "the STLB serves what the TLB lost");
    aegis_tlb_delete(0x20300000);
    ok(aegis_tlb_delete(0xfffff000) == -E_RANGE && aegis_tlb_delete(0xffffe000) == -E_RANGE,
       "TLBvadelete does not reach the kernel's own entries");
    miss_entry = page << 12 | WRITABLE;
    ok(probe_load(0x20300014) == 12345 && miss_count == 1,
       "after TLBvadelete the miss comes to the application");
    miss_entry = 0x20 << 12 | VALID;
    before = miss_count;
    ok(probe_load(0x20302000) == 0xffffffff && miss_result == -E_RIGHTS && miss_count == before + 1,
       "a refused refill is an error, not a mapping");
    aegis_tlb_write(0x20300000, page << 12 | VALID);
    probe_store(0x20300000, 1);
    ok(exception_count[1] == 1 && at[0] == 0,
       "a store through a read-only mapping is forwarded as Mod");
    miss_entry = 0;
    before = miss_count;
    ok(aegis_page_free(page) == 0, "the page is freed");
    probe_load(0x20300014);
    ok(miss_count == before + 1, "no TLB or STLB entry of a freed page is left");
    probe_load(0x20100000);
    ok(miss_count == before + 2, "not at another address either");
    miss_entry = page << 12 | VALID;
    ok(probe_load(0x20300014) == 0xffffffff && miss_result == -E_RIGHTS,
       "and it cannot be mapped again");
}

void test_exceptions(void)
{
    probe_overflow();
    ok(exception_count[12] == 1, "overflow is forwarded");
    probe_break();
    ok(exception_count[9] == 1, "break is forwarded");
    probe_cop1();
    ok(exception_count[11] == 1, "a coprocessor is unusable until asked for");
    aegis_fpu_mod(1);
    probe_cop1();
    ok(exception_count[11] == 1, "and usable then");
    aegis_fpu_mod(0);
    probe_cop1();
    ok(exception_count[11] == 2, "and no longer");
    probe_load(0x20000001);
    ok(exception_count[4] == 1 && exception_address == 0x20000001,
       "an unaligned load is forwarded with its address");
    probe_load(0x80020000);
    ok(exception_count[4] == 2, "the kernel's addresses are not for reading");
    ok(aegis_env_set(0, AEGIS_FIELD_EXCEPTION + 9, 0x80020000, 0x40) == -E_RANGE,
       "no handler in the kernel");
    ok(aegis_env_set(0, AEGIS_FIELD_EXCEPTION + 9, 0x00400000, 0xff8) == -E_RANGE,
       "no save area across the upage's end");
    ok(exported_env(BOOT->envid)->exceptions[12 * 4] == (uint32_t)on_exception,
       "the exported record names the handler");
}
