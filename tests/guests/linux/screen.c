/* screen: the workstation's own terminal. Attaches keyboard (LK401 on ttyS2) and mouse (VSXXX on ttyS0; with the kernel
   argument kn01 on ttyS0 and ttyS1) to the drivers of Linux, writes on the virtual console that the frame buffer shows, and says on the serial console what keys and mouse
   do: KEY and a character in hexadecimal, MOVE and REL_X or REL_Y and a distance, BUTTON and a code and 1 or 0. Key b rings
   the bell, q halts. */
#include <asm/termbits.h>
#include <asm/ioctls.h>
#include <linux/input-event-codes.h>
#include <linux/serio.h>
#define MOUSE_DISCIPLINE 2
struct input_event { unsigned long seconds, microseconds; unsigned short type, code; int value; };

static void put(const char *s) { write(1, s, strlen(s)); }
static void put_number(int v, int base)
{
  char b[14]; int i = 13, is_negative = v < 0; unsigned u = is_negative ? -v : v;
  b[13] = 0;
  do { b[--i] = "0123456789abcdef"[u % base]; u /= base; } while (u);
  if (is_negative) b[--i] = '-';
  put(b + i);
}

static void fail(const char *what) { put("SCREEN: "); put(what); put(" failed\n"); reboot(LINUX_REBOOT_CMD_HALT); }

/* A process that holds the line: reading from it makes it an input device for as long as it lasts. */
static void attach(const char *path, int number, unsigned control, unsigned long type)
{
  struct termios line = { .c_iflag = IGNBRK, .c_cflag = B4800 | CS8 | CREAD | CLOCAL | control };
  int discipline = MOUSE_DISCIPLINE, fd;
  mknod(path, S_IFCHR | 0600, makedev(4, 64 + number));
  if (fork()) return;
  fd = open(path, O_RDWR | O_NOCTTY, 0);
  if (fd < 0 || ioctl(fd, TCSETS, &line) < 0) fail(path);
  if (ioctl(fd, TIOCSETD, &discipline) < 0 || ioctl(fd, SPIOCSTYPE, &type) < 0) fail("line discipline");
  read(fd, &line, 1);
  exit(0);
}

static void tell(struct input_event *event)
{
  if (event->type == EV_REL) {
    put("MOVE "); put_number(event->code, 10); put(" "); put_number(event->value, 10); put("\n");
  } else if (event->type == EV_KEY && event->code >= BTN_MOUSE) {
    put("BUTTON "); put_number(event->code, 16); put(" "); put_number(event->value, 10); put("\n");
  }
}

int main(int argc, char **argv)
{
  struct pollfd files[3];
  struct termios raw = { .c_cflag = B9600 | CS8 | CREAD };
  char path[] = "/dev/event0", key;
  int is_kn01 = argc > 1 && !strcmp(argv[1], "kn01");
  attach("/dev/keyboard", is_kn01 ? 0 : 2, 0, SERIO_LKKBD);
  attach("/dev/mouse", is_kn01 ? 1 : 0, PARENB | PARODD, SERIO_VSXXXAA);
  poll(files, 0, 3000); /* nolibc's sleep() comes back at once: its system call's fifth argument is wrong on MIPS */
  mknod("/dev/tty1", S_IFCHR | 0600, makedev(4, 1));
  files[0].fd = open("/dev/tty1", O_RDWR, 0);
  if (files[0].fd < 0 || ioctl(files[0].fd, TCSETS, &raw) < 0) fail("tty1");
  for (int i = 0; i < 2; i++) {
    path[10] = '0' + i;
    mknod(path, S_IFCHR | 0600, makedev(13, 64 + i));
    files[1 + i].fd = open(path, O_RDWR, 0);
    if (files[1 + i].fd < 0) fail(path);
  }
  for (int i = 0; i < 3; i++) files[i].events = POLLIN;
  write(files[0].fd, "\033[2J\033[5;11HExostation", 21);
  put("SCREEN: ready\n");
  for (;;) {
    struct input_event event;
    if (poll(files, 3, -1) <= 0) fail("poll");
    for (int i = 1; i < 3; i++) if (files[i].revents & POLLIN && read(files[i].fd, &event, sizeof event) == sizeof event) tell(&event);
    if (!(files[0].revents & POLLIN) || read(files[0].fd, &key, 1) != 1) continue;
    put("KEY "); put_number(key, 16); put("\n");
    if (key == 'b') write(files[0].fd, "\a", 1);
    if (key == 'q') break;
  }
  put("SCREEN: done\n");
  ioctl(1, TCSBRK, (void *)1);
  reboot(LINUX_REBOOT_CMD_HALT);
  for (;;) sleep(1000);
}
