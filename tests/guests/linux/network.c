/* network: two machines on one wire. `server` echoes one TCP connection; `client` pings the server at
   10.0.0.1, then sends it data over TCP and checks what comes back. The kernel argument ip= has brought eth0 up. Ends with a halt. */
#define PORT 7
#define TOTAL 100000
#define SERVER (10 | 1 << 24)
struct internet_address { unsigned short family, port; unsigned int address; char zero[8]; };
static unsigned char data[1024], back[2048];
static void put(const char *s) { write(1, s, strlen(s)); }
static void put_number(unsigned v) { char b[12]; int i = 11; b[11] = 0; do { b[--i] = '0' + v % 10; v /= 10; } while (v); put(b + i); }
static int open_socket(int type, int protocol) { return my_syscall3(__NR_socket, 2, type, protocol); }
static int with_address(int call, int fd, struct internet_address *a) { return my_syscall3(call, fd, a, sizeof *a); }
static unsigned short swapped(unsigned v) { return (v << 8 | v >> 8) & 0xffff; }

static void halt(void)
{
  my_syscall3(__NR_ioctl, 1, TCSBRK, 1);
  reboot(LINUX_REBOOT_CMD_HALT);
  for (;;) sleep(1000);
}

static void fail(const char *what, int code)
{
  put("NETWORK: "); put(what); put(" failed: "); put_number(code < 0 ? -code : code); put("\n");
  halt();
}

static void ping(unsigned address)
{
  struct internet_address peer = { 2, 0, address };
  int fd = open_socket(3 /* raw, as MIPS numbers it */, 1 /* ICMP */), answers = 0;
  if (fd < 0) fail("raw socket", fd);
  with_address(__NR_connect, fd, &peer);
  for (unsigned sequence = 1; sequence <= 5; sequence++) {
    unsigned char request[64] = { 8 };
    unsigned sum = 0;
    request[4] = 0x12; request[5] = 0x34; request[7] = sequence;
    for (int i = 8; i < 64; i++) request[i] = i;
    for (int i = 0; i < 64; i += 2) sum += request[i] | request[i + 1] << 8;
    sum = (sum & 0xffff) + (sum >> 16); sum += sum >> 16;
    request[2] = ~sum; request[3] = ~sum >> 8;
    int n = write(fd, request, 64);
    if (n != 64) fail("ping", n);
    for (int turn = 0; turn < 20; turn++) {
      struct pollfd waiting = { fd, POLLIN, 0 };
      if (poll(&waiting, 1, 3000) <= 0) break;
      n = read(fd, back, sizeof back);
      if (n == 84 && back[20] == 0 && back[27] == sequence && !memcmp(back + 28, request + 8, 56)) { answers++; break; }
    }
  }
  put("NETWORK: ping "); put_number(answers); put(" of 5\n");
  close(fd);
}

static void client(unsigned address)
{
  struct internet_address peer = { 2, swapped(PORT), address };
  int fd, code, received = 0, sent = 0;
  for (int turn = 0;; turn++) {
    fd = open_socket(2 /* stream, as MIPS numbers it */, 0);
    code = with_address(__NR_connect, fd, &peer);
    if (code == 0) break;
    if (turn == 60) fail("connect", code);
    close(fd);
    sleep(1);
  }
  ping(address);
  while (received < TOTAL) {
    if (sent < TOTAL && sent - received < 8192) {
      int count = TOTAL - sent < (int)sizeof data ? TOTAL - sent : (int)sizeof data;
      for (int i = 0; i < count; i++) data[i] = (sent + i) * 7 + ((sent + i) >> 8);
      int n = write(fd, data, count);
      if (n <= 0) fail("write", n);
      sent += n;
    } else {
      int n = read(fd, back, sizeof back);
      if (n <= 0) fail("read", n);
      for (int i = 0; i < n; i++) {
        unsigned char expected = (received + i) * 7 + ((received + i) >> 8);
        if (back[i] != expected) fail("comparison", received + i);
      }
      received += n;
    }
  }
  my_syscall2(__NR_shutdown, fd, 1);
  if (read(fd, back, sizeof back) != 0) fail("end of the connection", 0);
  put("NETWORK: tcp "); put_number(received); put(" bytes there and back\n");
  close(fd);
}

static void server(void)
{
  struct internet_address own = { 2, swapped(PORT), 0 };
  int fd = open_socket(2, 0), total = 0, n;
  int code = with_address(__NR_bind, fd, &own);
  if (code < 0) fail("bind", code);
  my_syscall2(__NR_listen, fd, 1);
  put("NETWORK: listening\n");
  int peer = my_syscall3(__NR_accept, fd, 0, 0);
  if (peer < 0) fail("accept", peer);
  while ((n = read(peer, back, sizeof back)) > 0) {
    for (int at = 0, part; at < n; at += part) if ((part = write(peer, back + at, n - at)) <= 0) fail("write", part);
    total += n;
  }
  put("NETWORK: echoed "); put_number(total); put(" bytes\n");
  close(peer);
  sleep(2);
}

int main(int argc, char **argv)
{
  if (argc > 1 && !strcmp(argv[1], "client")) client(SERVER);
  else server();
  halt();
  return 0;
}
