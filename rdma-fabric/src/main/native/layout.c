/*
 * How large structures are and where their fields lie, for the Java side writes work requests and reads completions
 * in memory. It takes most offsets for granted: those are checked here, at compile time.
 */
#include "disni.h"

#include <netinet/in.h>
#include <stddef.h>

#define AT(type, field, offset) _Static_assert(offsetof(struct type, field) == (offset), #type "." #field)

AT(sockaddr_in, sin_port, 2);
AT(sockaddr_in, sin_addr, 4);
AT(ibv_sge, addr, 0);
AT(ibv_sge, length, 8);
AT(ibv_sge, lkey, 12);
AT(ibv_recv_wr, wr_id, 0);
AT(ibv_recv_wr, next, 8);
AT(ibv_recv_wr, sg_list, 16);
AT(ibv_recv_wr, num_sge, 24);
AT(ibv_send_wr, wr_id, 0);
AT(ibv_send_wr, next, 8);
AT(ibv_send_wr, sg_list, 16);
AT(ibv_send_wr, num_sge, 24);
AT(ibv_send_wr, opcode, 28);
AT(ibv_send_wr, send_flags, 32);
AT(ibv_send_wr, imm_data, 36);
AT(ibv_wc, wr_id, 0);
AT(ibv_wc, status, 8);
AT(ibv_wc, opcode, 12);
AT(ibv_wc, vendor_err, 16);
AT(ibv_wc, byte_len, 20);
AT(ibv_wc, imm_data, 24);
AT(ibv_wc, qp_num, 28);
AT(ibv_wc, src_qp, 32);
AT(ibv_wc, wc_flags, 36);
AT(ibv_wc, pkey_index, 40);
AT(ibv_wc, slid, 42);
AT(ibv_wc, sl, 44);
AT(ibv_wc, dlid_path_bits, 45);

DISNI(jint, getVersion)(JNIEnv *env, jobject self) { return DISNI_INTERFACE_VERSION; }

DISNI(jint, getSockAddrInSize)(JNIEnv *env, jobject self) { return sizeof(struct sockaddr_in); }

DISNI(jint, getIbvRecvWRSize)(JNIEnv *env, jobject self) { return sizeof(struct ibv_recv_wr); }

DISNI(jint, getIbvSendWRSize)(JNIEnv *env, jobject self) { return sizeof(struct ibv_send_wr); }

DISNI(jint, getIbvSgeSize)(JNIEnv *env, jobject self) { return sizeof(struct ibv_sge); }

DISNI(jint, getIbvWCSize)(JNIEnv *env, jobject self) { return sizeof(struct ibv_wc); }

DISNI(jint, getRemoteAddressOffset)(JNIEnv *env, jobject self) { return offsetof(struct ibv_send_wr, wr.rdma.remote_addr); }

DISNI(jint, getRKeyOffset)(JNIEnv *env, jobject self) { return offsetof(struct ibv_send_wr, wr.rdma.rkey); }
