package dev.scc.cli.view;

/** An answer about this machine. Those about the pool are {@link dev.scc.cluster.view.PoolView}. */
public sealed interface View permits GcView, TestbedView, DemoView {}
