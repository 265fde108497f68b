#include "lab/pool.h"

#include <time.h>

enum lab_pki_face
lab_pool_face(const struct lab_pool *p, enum step_id step)
{
	switch (p->faults.at[step].kind) {
	case LAB_FAULT_EXPIRED:
		return PKI_EXPIRED;
	case LAB_FAULT_WRONG_NAME:
		return PKI_WRONG_NAME;
	case LAB_FAULT_BAD_SIGNATURE:
		return PKI_STRANGER;
	default:
		return PKI_RIGHT;
	}
}

uint16_t
lab_pool_web_port(const struct lab_pool *p, enum step_id step)
{
	if (faults_is(&p->faults, step, LAB_FAULT_REFUSE))
		return p->dead_port;
	return p->face_port[lab_pool_face(p, step)];
}

int64_t
lab_pool_now(const struct lab_pool *p, enum step_id step)
{
	return (int64_t)time(NULL) + lab_faults_skew(&p->faults, step);
}

void
lab_pool_date(const struct lab_pool *p, enum step_id step, char dst[POOL_DATE_SIZE])
{
	time_t now = (time_t)lab_pool_now(p, step);
	struct tm tm;

	gmtime_r(&now, &tm);
	if (strftime(dst, POOL_DATE_SIZE, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
		dst[0] = '\0';
}
