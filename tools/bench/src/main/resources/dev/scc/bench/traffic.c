/*
 * Traffic between two ends, and how much of it there was.
 *
 *   traffic serve PORT                  answers all of the following, until it is ended
 *   traffic rr HOST PORT SECONDS        one byte there and back over TCP, again and again: prints how many times
 *   traffic stream HOST PORT SECONDS    as much as goes over one TCP connection: prints bytes
 *   traffic udp HOST PORT SECONDS       datagrams of 64 bytes, to PORT + 1: prints how many have arrived
 *
 * A TCP connection begins with the first letter of what it is for. One for 'u' counts datagrams until its client shuts it down
 * for writing, and then answers their number, eight bytes in the machine's own order.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DATAGRAM = 64, BURST = 64, PIECE = 128 << 10 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in address(const char *host, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };

	if (inet_pton(AF_INET, host, &to.sin_addr) != 1)
		fail(host);
	return to;
}

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec + at.tv_nsec / 1e9;
}

static int udp(int port)
{
	int size = 4 << 20, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in here = address("0.0.0.0", port);

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (fd < 0 || (port != 0 && bind(fd, (struct sockaddr *)&here, sizeof here) != 0))
		fail("udp");
	return fd;
}

static void count(int client, int port)
{
	static char bytes[BURST][DATAGRAM];
	struct iovec parts[BURST];
	struct mmsghdr messages[BURST];
	int fd = udp(port);
	struct pollfd both[2] = { { fd, POLLIN, 0 }, { client, POLLIN, 0 } };
	uint64_t all = 0;

	for (int i = 0; i < BURST; i++) {
		parts[i] = (struct iovec){ bytes[i], DATAGRAM };
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &parts[i], .msg_iovlen = 1 } };
	}
	if (write(client, "u", 1) != 1)
		exit(1);
	while (poll(both, 2, -1) >= 0) {
		int got = both[0].revents ? recvmmsg(fd, messages, BURST, MSG_DONTWAIT, NULL) : 0;

		if (got > 0)
			all += got;
		else if (both[1].revents)
			break;
	}
	if (write(client, &all, sizeof all) != sizeof all)
		exit(1);
	exit(0);
}

static void serve(int client, int port)
{
	static char bytes[PIECE];
	int one = 1;
	char kind;

	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (read(client, &kind, 1) != 1)
		exit(0);
	if (kind == 'u')
		count(client, port + 1);
	if (kind == 'r')
		while (read(client, bytes, 1) == 1 && write(client, bytes, 1) == 1)
			;
	else
		while (read(client, bytes, sizeof bytes) > 0)
			;
	exit(0);
}

static void listening(int port)
{
	struct sockaddr_in here = address("0.0.0.0", port);
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	signal(SIGCHLD, SIG_IGN);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0 || listen(fd, 16) != 0)
		fail("listen");
	puts("listening");
	fflush(stdout);
	for (;;) {
		int client = accept(fd, NULL, NULL);

		if (client >= 0 && fork() == 0)
			serve(client, port);
		if (client >= 0)
			close(client);
	}
}

static int joined(const char *host, int port, char kind)
{
	struct sockaddr_in to = address(host, port);
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		fail("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (write(fd, &kind, 1) != 1)
		fail("write");
	return fd;
}

static uint64_t there_and_back(int fd, double end)
{
	uint64_t times = 0;
	char byte = 0;

	for (; now() < end; times++)
		if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
			fail("there and back");
	return times;
}

static uint64_t stream(int fd, double end)
{
	static char bytes[PIECE];
	uint64_t all = 0;

	while (now() < end) {
		ssize_t put = write(fd, bytes, sizeof bytes);

		if (put <= 0)
			fail("write");
		all += put;
	}
	return all;
}

static uint64_t datagrams(int fd, const char *host, int port, double end)
{
	static char bytes[DATAGRAM];
	struct sockaddr_in to = address(host, port);
	struct iovec part = { bytes, DATAGRAM };
	struct mmsghdr messages[BURST];
	int out = udp(0);
	uint64_t arrived;
	char ready;

	if (read(fd, &ready, 1) != 1 || connect(out, (struct sockaddr *)&to, sizeof to) != 0)
		fail("udp");
	for (int i = 0; i < BURST; i++)
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } };
	while (now() < end)
		sendmmsg(out, messages, BURST, 0);
	shutdown(fd, SHUT_WR);
	if (read(fd, &arrived, sizeof arrived) != sizeof arrived)
		fail("count");
	return arrived;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		listening(atoi(argv[2]));
	if (argc != 5)
		return 2;
	int port = atoi(argv[3]), fd = joined(argv[2], port, argv[1][0]);
	double end = now() + atof(argv[4]);
	uint64_t all = argv[1][0] == 'r' ? there_and_back(fd, end)
		     : argv[1][0] == 's' ? stream(fd, end)
					 : datagrams(fd, argv[2], port + 1, end);

	printf("%llu\n", (unsigned long long)all);
	return 0;
}
