/* SPDX-License-Identifier: Apache-2.0 */
/* The plain words as data. */
#include "agents/explain/plain.h"

#include "told/vocabulary.h"

static const char *const categories[TOLD_CATEGORY_COUNT] = {
	[TOLD_CATEGORY_DEM_ID] = "your name and when you were born",
	[TOLD_CATEGORY_DEM_CON] = "where to send you letters or e-mail",
	[TOLD_CATEGORY_DEM_TEL] = "your telephone number",
	[TOLD_CATEGORY_DEM_SAFE] = "how to get hold of you safely",
	[TOLD_CATEGORY_DEM_LOC] = "where you live",
	[TOLD_CATEGORY_DEM_PC] = "part of your postcode",
	[TOLD_CATEGORY_DEM_HH] = "who you live with",
	[TOLD_CATEGORY_DEM_FORMER] = "names you had before",
	[TOLD_CATEGORY_HOU_SIT] = "where you stay at the moment",
	[TOLD_CATEGORY_HOU_DUTY] = "what the council has to do about a home",
	[TOLD_CATEGORY_HOU_TEN] = "your rent and your home",
	[TOLD_CATEGORY_HOU_SUP] = "help you need to keep a home",
	[TOLD_CATEGORY_HOU_HIST] = "where you lived before",
	[TOLD_CATEGORY_MH_PROB] = "how you feel",
	[TOLD_CATEGORY_MH_SCORE] = "your scores about how you feel",
	[TOLD_CATEGORY_MH_ITEM] = "your answers about how you feel",
	[TOLD_CATEGORY_MH_TX] = "the talking help you get",
	[TOLD_CATEGORY_MH_NOTE] = "what you talk about there",
	[TOLD_CATEGORY_MH_SEC] = "other help for your mind",
	[TOLD_CATEGORY_MH_ATT] = "that you go there",
	[TOLD_CATEGORY_SUD_USE] = "drink and drugs",
	[TOLD_CATEGORY_SUD_TX] = "help you get with drink and drugs",
	[TOLD_CATEGORY_SUD_TOP] = "how things are with drink and drugs",
	[TOLD_CATEGORY_SUD_RX] = "medicine for drink and drugs",
	[TOLD_CATEGORY_SUD_BBV] = "blood tests",
	[TOLD_CATEGORY_SUD_INJ] = "how you take drugs",
	[TOLD_CATEGORY_SUD_ATT] = "that you go there",
	[TOLD_CATEGORY_EMP_STAT] = "if you work",
	[TOLD_CATEGORY_EMP_GOAL] = "the work you would like",
	[TOLD_CATEGORY_EMP_BAR] = "what makes work hard",
	[TOLD_CATEGORY_EMP_BEN] = "the money you get from the state",
	[TOLD_CATEGORY_EMP_FIT] = "if you are well enough to work",
	[TOLD_CATEGORY_EMP_ADJ] = "what you need at work",
	[TOLD_CATEGORY_EMP_ATT] = "that you go there",
	[TOLD_CATEGORY_FIN_DEBT] = "money you owe",
	[TOLD_CATEGORY_PHY_COND] = "how your body is",
	[TOLD_CATEGORY_PHY_MED] = "the medicine you take",
	[TOLD_CATEGORY_RSK_SELF] = "that you may get hurt by yourself",
	[TOLD_CATEGORY_RSK_OTH] = "that somebody else may get hurt",
	[TOLD_CATEGORY_RSK_FROM] = "that somebody may hurt you",
	[TOLD_CATEGORY_RSK_STAFF] = "how workers stay safe with you",
	[TOLD_CATEGORY_CRM_OFF] = "trouble with the law",
	[TOLD_CATEGORY_CRM_SUP] = "your probation worker",
	[TOLD_CATEGORY_FAM_CHILD] = "your children",
	[TOLD_CATEGORY_FAM_TP] = "your family",
	[TOLD_CATEGORY_FAM_NOK] = "who to ring about you",
	[TOLD_CATEGORY_FAM_LINK] = "who is at home with you",
	[TOLD_CATEGORY_NED] = "what you need",
	[TOLD_CATEGORY_FRM] = "what happened and what helps",
	[TOLD_CATEGORY_PLN] = "your plan",
	[TOLD_CATEGORY_SUP] = "the people who help you",
	[TOLD_CATEGORY_STR] = "what you are good at",
	[TOLD_CATEGORY_GOA] = "what you want",
	[TOLD_CATEGORY_PRF_GEN] = "what helps you, and what not to ask again",
	[TOLD_CATEGORY_PRF_ACC] = "what you need to see, hear or read",
	[TOLD_CATEGORY_REF_META] = "how far things are",
	[TOLD_CATEGORY_CNS_META] = "what you said yes to",
	[TOLD_CATEGORY_NARR] = "what you said in your own words",
};

static const char *const purposes[TOLD_PURPOSE_COUNT] = {
	[TOLD_PURPOSE_REFERRAL] = "so that they can help you",
	[TOLD_PURPOSE_COORD] = "so that they can work together",
	[TOLD_PURPOSE_DIRECTCARE] = "so that they can look after you",
	[TOLD_PURPOSE_DUTYREFER] = "so that you get help with a home",
	[TOLD_PURPOSE_HOUSASSESS] = "to see which home you can have",
	[TOLD_PURPOSE_EMPSUP] = "to help you find work",
	[TOLD_PURPOSE_MDT] = "for a meeting about how to help you",
	[TOLD_PURPOSE_SAFEADULT] = "to keep you safe",
	[TOLD_PURPOSE_SAFECHILD] = "to keep a child safe",
	[TOLD_PURPOSE_EMERG] = "because it could not wait",
	[TOLD_PURPOSE_COURT] = "because a court asked for it",
	[TOLD_PURPOSE_SUBJACC] = "because you asked to see it",
	[TOLD_PURPOSE_COMPLAINT] = "because somebody complained",
	[TOLD_PURPOSE_INCIDENT] = "because something went wrong",
	[TOLD_PURPOSE_STATREV] = "to learn from what went wrong",
	[TOLD_PURPOSE_CORONER] = "to find out how somebody died",
	[TOLD_PURPOSE_SUPERVISION] = "so that a senior can check the work",
	[TOLD_PURPOSE_TRANSFER] = "because you moved",
	[TOLD_PURPOSE_AUDIT] = "so that somebody can check us",
	[TOLD_PURPOSE_DEDUP] = "so that you are in there only once",
	[TOLD_PURPOSE_CLOSE] = "because this piece of work is over",
	[TOLD_PURPOSE_EVAL] = "to see if it works",
	[TOLD_PURPOSE_RESEARCH] = "to learn from it",
};

const char *told_plain_category(unsigned category)
{
	const char *words = category < TOLD_CATEGORY_COUNT ? categories[category] : NULL;
	return words ? words : "something you told us";
}

const char *told_plain_purpose(unsigned purpose)
{
	const char *words = purpose < TOLD_PURPOSE_COUNT ? purposes[purpose] : NULL;
	return words ? words : "";
}
