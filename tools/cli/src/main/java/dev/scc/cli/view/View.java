package dev.scc.cli.view;

/** What a command answers. */
public sealed interface View
        permits ClusterView,
                ClusterList,
                EventList,
                GcView,
                NodeList,
                NodeView,
                VerifyView,
                TestbedView,
                DemoView,
                DryRunView {}
