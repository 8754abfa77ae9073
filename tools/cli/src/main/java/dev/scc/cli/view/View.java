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
                StartedJobView,
                TokenView,
                TestbedView,
                DemoView {}
