package dev.scc.cluster.view;

/** An answer about the pool. */
public sealed interface PoolView
        permits AuditList,
                AuditReport,
                ClusterList,
                ClusterView,
                DryRunView,
                EniList,
                EniView,
                EventList,
                GroupList,
                GroupPackets,
                GroupView,
                MeshView,
                NodeList,
                NodeView,
                ReachView,
                RequestForecast,
                TreeReport,
                VerifyView,
                VpcList,
                VpcView {}
