/*
 * Prints at how many kHz this machine's time stamp counter runs, measured against CLOCK_MONOTONIC over a tenth of a second.
 * Exits with 1, and prints nothing, on a machine that has no such counter.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>

struct instant {
	int64_t nanos;
	uint64_t ticks;
};

static int64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Both clocks at one time: of many looks the one that was interrupted least. */
static struct instant look(void)
{
	struct instant best = { 0, 0 };
	int64_t least = INT64_MAX;

	for (int i = 0; i < 200; i++) {
		int64_t before = monotonic();
		uint64_t ticks = __rdtsc();
		int64_t after = monotonic();

		if (after - before < least) {
			least = after - before;
			best = (struct instant){ before + (after - before) / 2, ticks };
		}
	}
	return best;
}

int main(void)
{
	struct timespec tenth = { 0, 100000000 };
	struct instant first = look();

	nanosleep(&tenth, NULL);
	struct instant last = look();
	double khz = (double)(last.ticks - first.ticks) / (double)(last.nanos - first.nanos) * 1e6;

	printf("%.0f\n", khz);
	return 0;
}
#else
int main(void)
{
	return 1;
}
#endif
