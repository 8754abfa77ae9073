package dev.scc.cli.view;

/** An answer about this machine, or about who may use a pool. Others about the pool are {@link dev.scc.cluster.view.PoolView}. */
public sealed interface View
        permits DoctorView,
                ExportView,
                GcView,
                JobListView,
                JobView,
                PeopleView,
                RootsView,
                PlacementView,
                StartedJobView,
                TokenView,
                TestbedView,
                DemoView {}
