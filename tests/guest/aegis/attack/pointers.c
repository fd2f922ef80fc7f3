/* Malformed pointers to every call that takes one: what is not the caller's memory is refused, whatever else is right. */
#include "attack.h"

struct target {
    uint32_t number, position, arguments[5];
    const char *name;
};

static int is_refused(uint32_t answer)
{
    return answer == REFUSED(E_RANGE) || answer == REFUSED(E_RIGHTS);
}

void attack_pointers(void)
{
    struct aegis_capability cap;
    uint32_t i, j, own, refused;
    int32_t extent;
    attackers_start(2);
    extent = aegis_extent_create(0, 600, 8, &cap);
    aegis_bind(&cap, attacker[0]);
    aegis_bind(line_capability(2), attacker[0]);
    do /* the page behind it is not the attacker's */
        own = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0) * 4096;
    while (exported_page(own / 4096 + 1)->readers & 1u << attacker[0] % AEGIS_ENV_COUNT);
    const uint32_t e = (uint32_t)extent;
    const struct target targets[] = {
        {AEGIS_CALL_WAIT, 0, {0, 0, 1}, "wait"},
        {AEGIS_CALL_CACHE_FLUSH, 0, {0, 8}, "cache_flush"},
        {AEGIS_CALL_LINE_READ, 1, {2, 0, 8}, "line_read"},
        {AEGIS_CALL_LINE_WRITE, 1, {2, 0, 8}, "line_write"},
        {AEGIS_CALL_DISK_READ, 2, {e, 0, 0, 1, own}, "disk_read"},
        {AEGIS_CALL_DISK_READ, 4, {e, 0, own, 1, 0}, "disk_read, completion"},
        {AEGIS_CALL_DISK_WRITE, 2, {e, 0, 0, 1, own}, "disk_write"},
        {AEGIS_CALL_DISK_WRITE, 4, {e, 0, own, 1, 0}, "disk_write, completion"},
        {AEGIS_CALL_FILTER_INSTALL, 0, {0, 1, 0}, "filter_install"},
        {AEGIS_CALL_ASH_DOWNLOAD, 0, {0, 4, 0}, "ash_download"},
        {AEGIS_CALL_PACKET_SEND, 0, {0, 60, 0, 0}, "packet_send"},
        {AEGIS_CALL_PACKET_SEND, 2, {own, 60, 0, 60}, "packet_send, second piece"},
    };
    const uint32_t bad[] = {
        0x00000000,          0x00020000,          0x000f0000,       PEACE_PAGE * 4096,
        0x7f000000,          0x80000000,          0x80020000,       0x80000000 + own,
        0xa0000000 + own,    0xfffff000,          0xfffffffc,       BATCH_PAGE(1) * 4096,
        exported_header()->page_count * 4096,     0x1fc00000,       0x10000000 + own,
        PEACE_PAGE * 4096 + 0xffc,                0x7ffffffc,       0x40000000 + own,
    };
    for (i = 0; i < sizeof targets / sizeof *targets; i++) {
        for (j = refused = 0; j < sizeof bad / sizeof *bad; j++) {
            uint32_t a[5];
            for (uint32_t k = 0; k < 5; k++)
                a[k] = k == targets[i].position ? bad[j] : targets[i].arguments[k];
            refused += is_refused(attack(0, targets[i].number, a[0], a[1], a[2], a[3], a[4]));
        }
        ok(refused == sizeof bad / sizeof *bad, targets[i].name);
    }
    ok(ATTACK3(0, AEGIS_CALL_WAIT, own + 2, 0, 0) == REFUSED(E_RANGE) &&
           ATTACK3(0, AEGIS_CALL_WAIT, own + 4095, 0, 0) == REFUSED(E_RANGE),
       "no word to wait on reaches into the next page");
    ok(is_refused(ATTACK3(0, AEGIS_CALL_LINE_READ, 2, own + 4092, 8)) &&
           is_refused(ATTACK3(0, AEGIS_CALL_LINE_WRITE, 2, own + 1, 0xffffffff)) &&
           is_refused(attack(0, AEGIS_CALL_PACKET_SEND, own + 4080, 60, 0, 0, 0)) &&
           is_refused(attack(0, AEGIS_CALL_PACKET_SEND, own, 0xffffffc4, own, 100, 0)) &&
           is_refused(ATTACK3(0, AEGIS_CALL_FILTER_INSTALL, own + 4092, 1, 0)) &&
           is_refused(ATTACK3(0, AEGIS_CALL_FILTER_INSTALL, own, 0x10000001, 0)) &&
           is_refused(ATTACK3(0, AEGIS_CALL_ASH_DOWNLOAD, own + 4092, 4, 0)) &&
           is_refused(ATTACK3(0, AEGIS_CALL_ASH_DOWNLOAD, own, 0x40000001, 0)) &&
           is_refused(ATTACK3(0, AEGIS_CALL_CACHE_FLUSH, own, 0xffffffff, 0)) &&
           is_refused(ATTACK3(0, AEGIS_CALL_CACHE_FLUSH, (BATCH_PAGE(1) - 1) * 4096, 4097, 0)),
       "no buffer reaches out of its page, and no length wraps around");
    let_pass(2);
    aegis_extent_free(e);
}
