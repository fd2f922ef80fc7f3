/* Application-specific handlers: what they can do, and what they cannot. */
#include "net.h"

#define PORT 700u
#define WORD(at) (((volatile uint32_t *)DATA)[(at) / 4])
/* Downloads a handler of ash.S. */
#define DOWNLOAD(name) download((const uint32_t *)(name), (const uint32_t *)(name##_end))
#define HANDLER(name) extern code_label name, name##_end

HANDLER(ash_echo);
HANDLER(ash_vector);
HANDLER(ash_compute);
HANDLER(ash_loop);
HANDLER(ash_long);
HANDLER(ash_flood);
HANDLER(ash_copies);
HANDLER(ash_past);
HANDLER(ash_outside);
HANDLER(ash_abuse);
HANDLER(ash_peek);

static uint32_t filter;

static int32_t download(const uint32_t *from, const uint32_t *to)
{
    uint32_t count = (uint32_t)(to - from);
    for (uint32_t i = 0; i < count; i++)
        ((volatile uint32_t *)WORK)[i] = from[i];
    return aegis_ash_download(work_page * AEGIS_PAGE_SIZE, count, (uint32_t)from);
}

/* Attaches a handler with the data page, has it see one packet, detaches it. */
static void run(uint32_t ash, uint32_t length)
{
    aegis_ash_page(ash, 0, data_page);
    aegis_filter_handler(filter, ash);
    udp_frame(PORT, length);
    receive_back(length);
    aegis_filter_handler(filter, AEGIS_ANY);
    for (uint32_t i = 0; i < 4; i++)
        slot(i)->length = 0;
}

/* The same, downloaded for the one packet. */
static struct aegis_ash run_once(int32_t ash, uint32_t length)
{
    struct aegis_ash record = {.owner = 0};
    if (ash < 0) {
        note("not downloaded", (uint32_t)-ash);
        return record;
    }
    run((uint32_t)ash, length);
    record = ASHS[ash];
    aegis_ash_remove((uint32_t)ash);
    return record;
}

/* As many divisions as a handler may have, one after the other. */
static int32_t download_divisions(void)
{
    uint32_t program[AEGIS_ASH_INSTRUCTIONS];
    for (uint32_t i = 0; i < AEGIS_ASH_INSTRUCTIONS - 2; i += 2) {
        program[i] = 0x0109001b;     /* divu $t0, $t1 */
        program[i + 1] = 0x00005012; /* mflo $t2 */
    }
    program[AEGIS_ASH_INSTRUCTIONS - 2] = 0x03e00008; /* jr $ra */
    program[AEGIS_ASH_INSTRUCTIONS - 1] = 0;
    return download(program, program + AEGIS_ASH_INSTRUCTIONS);
}

/* Which: 0 loops, 1 copies for ever, 2 divides without a loop. */
int32_t install_slow_handler(uint32_t port, uint32_t which)
{
    int32_t ash = which == 0 ? DOWNLOAD(ash_loop) : which == 1 ? DOWNLOAD(ash_copies)
                                                               : download_divisions();
    filter = (uint32_t)INSTALL(0, 0, EQ16(12, 0x0800), EQ16(36, port));
    aegis_ash_page((uint32_t)ash, 0, data_page);
    aegis_filter_handler(filter, (uint32_t)ash);
    return ash;
}

void test_handlers(void)
{
    struct aegis_ash record;
    uint32_t sent, i, sum = 0, events;
    int32_t ash = DOWNLOAD(ash_echo);
    const volatile struct aegis_filter *f;
    filter = (uint32_t)INSTALL(0, 0, EQ16(12, 0x0800), EQ8(23, 17), EQ16(36, PORT));
    f = &FILTERS[filter];
    aegis_filter_ring(filter, 0, ring_pages[0]);
    aegis_filter_ring(filter, 1, ring_pages[1]);
    ok(ash >= 0 && ASHS[ash].owner == BOOT->envid && ASHS[ash].code_count > ASHS[ash].source_count,
       "a handler is downloaded and sandboxed");
    ok(aegis_ash_page((uint32_t)ash, 1, data_page) == -E_RANGE &&
           aegis_ash_page((uint32_t)ash, 0, 0x20) == -E_RIGHTS &&
           aegis_ash_page(7, 0, data_page) == -E_RANGE,
       "its pages are of its owner's");
    aegis_filter_handler(filter, (uint32_t)ash);
    udp_frame(PORT, 60);
    receive_back(60);
    ok(ASHS[ash].aborted == 1 && ASHS[ash].abort_reason == AEGIS_ASH_ABORT_PAGE &&
           ASHS[ash].runs == 0 && f->delivered == 1,
       "without a page it is not started");
    slot(0)->length = 0;
    for (i = 0; i < 1024; i++)
        WORD(4 * i) = 0;
    sent = NETWORK->sent;
    run((uint32_t)ash, 62);
    ok(ASHS[ash].runs == 1 && f->handled == 1 && NETWORK->sent == sent + 2,
       "it answers on the spot");
    ok(WORD(1024) == 1 && DATA[12] == 8 && DATA[60] == 60 && DATA[61] == 61,
       "with what came, in its page");
    for (i = 0; i < 64; i++)
        ((volatile uint32_t *)WORK)[i] = 0xffffffff; /* the source that was inspected */
    run((uint32_t)ash, 60);
    ok(ASHS[ash].runs == 2 && WORD(1024) == 2, "changing its source changes nothing");
    ok(aegis_ash_remove((uint32_t)ash) == 0 && aegis_ash_remove((uint32_t)ash) == -E_RANGE,
       "it is removed once");

    ash = DOWNLOAD(ash_vector);
    aegis_ash_page((uint32_t)ash, 0, data_page);
    aegis_ash_page((uint32_t)ash, 1, ring_pages[1]);
    aegis_filter_handler(filter, (uint32_t)ash);
    udp_frame(PORT, 71);
    for (i = 0; i < 4; i++)
        WORK[16 + 44 + i] = (uint8_t)(0x1200 >> (8 * i)); /* page 1, offset 512 */
    events = exported_env(BOOT->envid)->events;
    receive_back(71);
    aegis_filter_handler(filter, AEGIS_ANY);
    for (i = 0; i < 71; i++)
        sum += (uint32_t)WORK[16 + i] << (i % 2 * 8);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    for (i = 0; i < 71; i++)
        if (((volatile uint8_t *)AT_WINDOW(RING_WINDOW + 1))[512 + i] != WORK[16 + i])
            break;
    ok(i == 71 && WORD(1032) == 0, "a message is put where it says");
    ok(WORD(1028) == sum, "and summed on the way");
    ok(exported_env(BOOT->envid)->events == events + 1, "and its owner is woken");
    aegis_ash_remove((uint32_t)ash);

    for (i = sum = 0; i < 16; i++)
        sum += WORD(2048 + 4 * i) = i * i * 77 + 1;
    record = run_once(DOWNLOAD(ash_compute), 60);
    ok(record.runs == 1 && record.aborted == 0 && WORD(1036) == sum && WORD(1040) == sum,
       "a handler computes, with loads and stores in delay slots");
}

/* What may not be in a handler at all. */
static const uint32_t forbidden[] = {
    0x0000000d, /* break */
    0x0000000c, /* syscall 0 */
    0x0000018c, /* syscall 6 */
    0x01000008, /* jr t0 */
    0x0100f809, /* jalr t0 */
    0x0c000000, /* jal */
    0x08008000, /* j elsewhere */
    0x40086000, /* mfc0 t0, status */
    0x40886000, /* mtc0 t0, status */
    0x42000010, /* rfe */
    0x42000006, /* tlbwr */
    0x42000002, /* tlbwi */
    0x44080000, /* mfc1 */
    0x46000000, /* add.s */
    0xc4000000, /* lwc1 */
    0xe4000000, /* swc1 */
    0xc8000000, /* lwc2 */
    0x04110000, /* bgezal: bal */
    0x05100000, /* bltzal t0 */
    0x04080000, /* a trap of later processors */
    0x10000100, /* b beyond the end */
    0x1000fff0, /* b before the start */
    0x10000000, /* b into its own delay slot */
    0x50000001, /* beql: not of this processor */
    0x24010001, /* li at */
    0x241a0001, /* li k0 */
    0x241b7fff, /* li k1: the budget */
    0x241f0001, /* li ra */
    0x8c1b0000, /* lw k1 */
    0x8c1f0000, /* lw ra */
    0x03400825, /* move at, k0 */
    0x035f4021, /* addu t0, k0, ra */
    0xaf5b0000, /* sw k1, 0(k0) */
    0x0000f812, /* mflo ra */
    0xc0080000, /* ll */
    0xe0080000, /* sc */
    0x0000000f, /* sync */
    0x7c03e83b, /* rdhwr */
    0xbc000000, /* cache */
    0x00000001, /* movci: bc1 conditions of later processors */
    0x01094005, /* reserved */
    0x01094061, /* addu with a shift amount */
    0xfc000000, /* sd */
};

/* Pairs that are good alone and bad together. */
static void test_delay_slots(void)
{
    const uint32_t end[] = {0x03e00008, 0};
    const uint32_t branch_in_slot[] = {0x10000001, 0x10000001, 0x03e00008, 0};
    const uint32_t helper_in_slot[] = {0x10000001, 0x0000004c, 0x03e00008, 0};
    const uint32_t load_of_condition[] = {0x11000001, 0x8c080000, 0x03e00008, 0};
    const uint32_t into_slot[] = {0x10000002, 0, 0x10000001, 0, 0x1000fffe, 0, 0x03e00008, 0};
    const uint32_t no_slot[] = {0x00000000, 0x03e00008};
    int32_t good = download(end, end + 2);
    ok(good >= 0, "the empty handler is allowed");
    aegis_ash_remove((uint32_t)good);
    ok(download(branch_in_slot, branch_in_slot + 4) == -E_CODE &&
           download(helper_in_slot, helper_in_slot + 4) == -E_CODE &&
           download(load_of_condition, load_of_condition + 4) == -E_CODE &&
           download(into_slot, into_slot + 7) == -E_CODE &&
           download(no_slot, no_slot + 2) == -E_CODE,
       "delay slots hold no branch, no helper, no load that the branch waits for; none leads there");
}

static uint32_t random(void)
{
    static uint32_t state = 0x19951203;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* Some instruction, more often than not one that is allowed. */
static uint32_t random_instruction(void)
{
    static const uint8_t opcodes[] = {0x00, 0x00, 0x00, 0x04, 0x05, 0x06, 0x07, 0x01, 0x08, 0x09,
                                      0x0a, 0x0c, 0x0f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26,
                                      0x28, 0x29, 0x2a, 0x2b, 0x2e, 0x02};
    static const uint8_t functions[] = {0x00, 0x02, 0x03, 0x04, 0x20, 0x21, 0x22, 0x23,
                                        0x25, 0x27, 0x2a, 0x2b, 0x10, 0x12, 0x18, 0x1a};
    uint32_t op = opcodes[random() % sizeof opcodes], word = random();
    if (random() % 64 == 0)
        return word;
    word &= 0x00ff0000 | 0x0000ffff | 0x03000000;
    word &= ~(1u << 20) & ~(1u << 25); /* registers 0 to 15 */
    if (op == 0) {
        uint32_t f = functions[random() % sizeof functions];
        word = (word & 0x00ff7800) | f;
        return f < 4 ? word & ~0x03e00000u : f == 0x10 || f == 0x12 ? word & 0x7fff : word;
    }
    if (op == 0x0f)
        word &= 0x001fffff;
    if (op <= 7) /* short branches */
        word = (word & 0xffff0000) | ((random() % 16 - 8) & 0xffff);
    if (op == 6 || op == 7)
        word &= ~0x001f0000u;
    if (op == 1)
        word &= ~0x001e0000u;
    if (op == 2)
        return 0x08000000 | ((((uint32_t)0x1000 + 4 * (random() % 24)) >> 2) & 0x03ffffff);
    return op << 26 | word;
}

/*
 * Random programs, run: whatever they do, they end, and nothing but their page changes. The sum over
 * pages beside them, and the kernel's survival, say so.
 */
static void test_random_handlers(void)
{
    uint32_t accepted = 0, round, i, before = 0, after = 0;
    volatile uint32_t *beside = (volatile uint32_t *)AT_WINDOW(RING_WINDOW);
    aegis_filter_handler(filter, AEGIS_ANY);
    for (i = 0; i < 2048; i++) {
        beside[i] = i & 511 ? random() : 1; /* full slots: nothing is delivered */
        before += beside[i] ^ i;
    }
    for (round = 0; round < 600; round++) {
        uint32_t program[26];
        int32_t ash;
        for (i = 0; i < 24; i++)
            program[i] = random_instruction();
        program[24] = 0x03e00008;
        program[25] = 0;
        for (i = 0; i < 26; i++)
            ((volatile uint32_t *)WORK)[i] = program[i];
        /* Most have a mistake somewhere; it is mended until there is none. */
        for (i = 0; i < 60; i++) {
            ash = aegis_ash_download(work_page * AEGIS_PAGE_SIZE, 26, 0x1000);
            if (ash != -E_CODE)
                break;
            ((volatile uint32_t *)WORK)[NETWORK->bad_index] =
                i % 4 == 3 ? 0 : random_instruction();
            if (i % 4 == 3 && NETWORK->bad_index < 24)
                ((volatile uint32_t *)WORK)[NETWORK->bad_index + 1] = 0;
        }
        if (ash < 0)
            continue;
        accepted++;
        aegis_ash_page((uint32_t)ash, 0, data_page);
        aegis_filter_handler(filter, (uint32_t)ash);
        udp_frame(PORT, 60);
        receive_back(60);
        aegis_ash_remove((uint32_t)ash);
    }
    for (i = 0; i < 2048; i++)
        after += beside[i] ^ i;
    note("random handlers that were run", accepted);
    ok(accepted > 300 && before == after, "random handlers harm nobody");
    for (i = 0; i < 4; i++)
        slot(i)->length = 0;
}

void test_hostile_handlers(void)
{
    struct aegis_ash record;
    uint32_t i, bad = 0, sent;
    int32_t ash;
    for (i = 0; i < sizeof forbidden / 4; i++) {
        const uint32_t program[] = {forbidden[i], 0, 0x03e00008, 0};
        ash = download(program, program + 4);
        if (ash != -E_CODE || NETWORK->bad_index != 0) {
            note("allowed", i);
            bad++;
        }
    }
    ok(bad == 0, "no instruction is allowed that is not on the list");
    test_delay_slots();
    ok(aegis_ash_download(0x20000, 4, 0) == -E_RIGHTS &&
           aegis_ash_download(work_page * AEGIS_PAGE_SIZE, 513, 0) == -E_RANGE &&
           aegis_ash_download(work_page * AEGIS_PAGE_SIZE + 4000, 100, 0) == -E_RANGE &&
           aegis_ash_download(work_page * AEGIS_PAGE_SIZE, 0, 0) == -E_RANGE,
       "code must be in a page one may read");
    record = run_once(DOWNLOAD(ash_loop), 60);
    ok(record.aborted == 1 && record.abort_reason == AEGIS_ASH_ABORT_BUDGET,
       "a handler that loops is cut off");
    ok(record.instructions <= 2 * AEGIS_ASH_BUDGET, "at its budget");
    ok(FILTERS[filter].delivered > 0 && FILTERS[filter].dropped == 0,
       "and its message goes the usual way");
    record = run_once(DOWNLOAD(ash_long), 60);
    ok(record.abort_reason == AEGIS_ASH_ABORT_BUDGET, "so is one that runs for long");
    record = run_once(DOWNLOAD(ash_copies), 60);
    ok(record.abort_reason == AEGIS_ASH_ABORT_BUDGET, "so is one that copies for ever");
    sent = NETWORK->sent;
    record = run_once(DOWNLOAD(ash_flood), 60);
    ok(record.sent == AEGIS_ASH_SENDS && NETWORK->sent == sent + 1 + AEGIS_ASH_SENDS,
       "a flood is two frames");
    record = run_once(DOWNLOAD(ash_past), 60);
    ok(record.abort_reason == AEGIS_ASH_ABORT_END, "nobody runs past the end");
    for (i = 0; i < 1024; i++)
        WORD(4 * i) = 0;
    record = run_once(DOWNLOAD(ash_outside), 60);
    ok(record.aborted == 0 && WORD(0x100) == 0x5a && DATA[0xfff] == 0x5a && WORD(0x200) == 0x5a &&
           DATA[0x302] == 0x5a && WORD(0x404) == 0,
       "loads and stores stay in the page, whatever the address");
    ok(exported_header()->magic == AEGIS_MAGIC, "the kernel's memory is as it was");
    WORD(1100) = WORD(1104) = 1;
    __asm__ volatile("mthi %0\n\tmtlo %0" : : "r"(0x5ec2e7));
    record = run_once(DOWNLOAD(ash_peek), 60);
    ok(record.aborted == 0 && WORD(1100) == 0 && WORD(1104) == 0,
       "a handler finds no register of the one that was interrupted");
    record = run_once(DOWNLOAD(ash_abuse), 60);
    ok(record.refused == 6 && (int32_t)WORD(1100) < 0 && (int32_t)WORD(1104) < 0 &&
           (int32_t)WORD(1108) < 0 && (int32_t)WORD(1112) < 0 && (int32_t)WORD(1116) < 0 &&
           (int32_t)WORD(1120) < 0 && WORD(1124) == 0,
       "helpers reach nothing but the message and the pages");
    ash = DOWNLOAD(ash_echo);
    aegis_ash_page((uint32_t)ash, 0, data_page);
    aegis_recap(AEGIS_KIND_PAGE, data_page, 0);
    aegis_filter_handler(filter, (uint32_t)ash);
    i = WORD(1024);
    udp_frame(PORT, 60);
    receive_back(60);
    ok(ASHS[ash].abort_reason == AEGIS_ASH_ABORT_PAGE && WORD(1024) == i,
       "nor a page that is its owner's no more");
    aegis_ash_remove((uint32_t)ash);
    test_random_handlers();
    aegis_filter_remove(filter);
    helper_start();
    aegis_mint(AEGIS_KIND_PAGE, work_page, AEGIS_RIGHT_READ, (struct aegis_capability *)DATA);
    aegis_bind((struct aegis_capability *)DATA, helper);
    for (i = 0; i < 64; i++)
        ((volatile uint32_t *)WORK)[i] = ((const uint32_t *)ash_echo)[i];
    for (i = 0; i < 4; i++) {
        ash = helper_call(AEGIS_CALL_ASH_DOWNLOAD, work_page * AEGIS_PAGE_SIZE,
                          ((uint32_t)ash_echo_end - (uint32_t)ash_echo) / 4, 0, 0);
        if (ash < 0)
            break;
    }
    ok(i == AEGIS_ASH_QUOTA && ash == -E_QUOTA, "there is a quota of handlers");
    ok(aegis_ash_remove(0) == -E_OWNER, "a handler is its owner's");
    helper_stop();
    for (i = bad = 0; i < AEGIS_ASH_COUNT; i++)
        bad += ASHS[i].owner != 0;
    ok(bad == 0, "handlers go with their environment");
}
