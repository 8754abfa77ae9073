package dev.scc.fabric.doctor;

import java.util.Map;

/** Which provider of libibverbs belongs to which driver of a bus device. */
final class Providers {
    private static final Map<String, String> OF_DRIVER = Map.of(
            "mlx5_core", "mlx5",
            "mlx4_core", "mlx4",
            "ice", "irdma",
            "i40e", "irdma",
            "idpf", "irdma",
            "bnxt_en", "bnxt_re",
            "efa", "efa",
            "erdma", "erdma",
            "hns3", "hns",
            "qede", "qedr");

    private Providers() {}

    /** Empty for a driver that is not known here. */
    static String of(String driver) {
        return OF_DRIVER.getOrDefault(driver, "");
    }
}
