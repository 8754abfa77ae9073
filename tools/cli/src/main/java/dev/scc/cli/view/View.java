package dev.scc.cli.view;

/** What a command answers. */
public sealed interface View permits ClusterView, ClusterList, NodeList, NodeView, VerifyView, TestbedView, DemoView {}
