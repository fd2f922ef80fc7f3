/* What is on the SCSI bus, for the command `cnfg`. */
#include "prom.h"

#define SCSI_ID_COUNT 7

void configuration_print_scsi(void)
{
    static const char *const kinds[] = {"disk", "tape", "printer", "processor", "worm", "cdrom"};
    uint8_t answer[36];
    uint32_t id;
    for (id = 0; id < SCSI_ID_COUNT; id++) {
        if (!scsi_inquire(id, answer))
            continue;
        prom_printf("    rz%u  %-9s ", id, (answer[0] & 0x1f) < 6 ? kinds[answer[0] & 0x1f] : "unknown");
        prom_printf("%.8s %.16s %.4s\n", answer + 8, answer + 16, answer + 32);
    }
}
