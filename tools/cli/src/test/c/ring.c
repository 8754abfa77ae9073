/* Passes 64 KiB messages round a ring of all ranks and compares every byte; rank 0 prints the verdict. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = 65536, LAPS = 4 };

static unsigned char expected(int owner, int lap, int i) {
    return (unsigned char)(owner * 31 + lap * 7 + i);
}

int main(int argc, char **argv) {
    int rank, size, bad = 0, total = 0;
    static unsigned char out[BYTES], in[BYTES];
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    int next = (rank + 1) % size, before = (rank + size - 1) % size;
    for (int lap = 0; lap < LAPS; lap++) {
        for (int i = 0; i < BYTES; i++) out[i] = expected(rank, lap, i);
        memset(in, 0, BYTES);
        MPI_Sendrecv(out, BYTES, MPI_BYTE, next, lap, in, BYTES, MPI_BYTE, before, lap, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
        for (int i = 0; i < BYTES; i++) bad += in[i] != expected(before, lap, i);
    }
    MPI_Allreduce(&bad, &total, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    if (rank == 0) printf("ring of %d ranks, %d bytes differ\n", size, total);
    MPI_Finalize();
    return total == 0 ? (argc > 1 ? atoi(argv[1]) : 0) : 1;
}
