/* The demo's MPI program: sends a block round the ring of all ranks a few times, compares every byte that arrives, and
   adds the differences up over all ranks. Rank 0 prints the verdict; the exit status is 0 only if nothing differs. */
#include <mpi.h>
#include <stdio.h>

enum { BLOCK = 65536, LAPS = 8 };

static unsigned char byte_of(int sender, int lap, int position) {
    return (unsigned char)(sender * 31 + lap * 7 + position * 13);
}

int main(int argc, char **argv) {
    static unsigned char sent[BLOCK], received[BLOCK];
    int rank, ranks, differences = 0, all = 0;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    const int right = (rank + 1) % ranks, left = (rank + ranks - 1) % ranks;
    const double begun = MPI_Wtime();
    for (int lap = 0; lap < LAPS; lap++) {
        for (int i = 0; i < BLOCK; i++) sent[i] = byte_of(rank, lap, i);
        MPI_Sendrecv(sent, BLOCK, MPI_BYTE, right, lap, received, BLOCK, MPI_BYTE, left, lap, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
        for (int i = 0; i < BLOCK; i++) differences += received[i] != byte_of(left, lap, i);
    }
    const double took = MPI_Wtime() - begun;
    MPI_Allreduce(&differences, &all, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    if (rank == 0)
        printf("%d ranks passed %d blocks of %d bytes round the ring in %.2f s; %d bytes differ\n", ranks, LAPS, BLOCK,
               took, all);
    MPI_Finalize();
    return all == 0 ? 0 : 1;
}
