/* Exchanges messages until rank 0 sees the file that its argument names; then each rank says that it is done. */
#include <mpi.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int rank, size, over = 0;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    printf("rank %d of %d is running\n", rank, size);
    fflush(stdout);
    while (!over) {
        int seen = rank == 0 && access(argv[argc - 1], F_OK) == 0;
        MPI_Allreduce(&seen, &over, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
        usleep(100000);
    }
    printf("rank %d of %d is done\n", rank, size);
    MPI_Finalize();
    return 0;
}
