"""Health words that change what a question is about.

A question may hold any everyday word without being about it. These are different: an illness, a treatment, a body
part, a group of people. Where one of them is asked about and the collection does not hold it beside what else is
asked, there is no answer to give. Extend the lists freely; singular forms, lower case.
"""

from __future__ import annotations

import re

from caveat.domain.kinds import asks_how_given
from caveat.domain.text import singular

_ILLNESSES = """
acne addiction aids alcoholism allergy alopecia amnesia anaemia anemia aneurysm angina anorexia aphasia apnoea apnea
arrhythmia asperger asthma ataxia autism bipolar borderline bronchitis bulimia burnout cancer carcinoma cataract catatonia
celiac coeliac cholera chorea cirrhosis coeliac colitis coma concussion constipation copd crohn cystitis deafness delirium
dementia dengue dermatitis diabetes diarrhoea diarrhea dyslexia dyspraxia dystonia eczema emphysema endometriosis epilepsy
fibroids flu gallstone gambling gangrene gastritis glaucoma gonorrhoea gout haemophilia hemophilia haemorrhoid heartburn
hepatitis herpes hiv hypertension hyperthyroidism hypothyroidism hypochondria hysteria ibs infertility influenza insomnia
jaundice kleptomania leukaemia leukemia lyme lymphoma malaria malnutrition mania measles melanoma menopause migraine
miscarriage mononucleosis ms narcissism narcolepsy nausea neuralgia neuropathy obesity ocd osteoarthritis osteoporosis
palsy pancreatitis paranoia paralysis parkinson perimenopause phobia pmdd pms pneumonia polio pots preeclampsia
prostatitis psoriasis psychopathy rabies rosacea sarcoidosis scabies schizoid sclerosis scoliosis seasonal seizure sepsis
sjogren sjögren smallpox stammer stroke stutter syphilis tetanus thyroiditis tic tics tinnitus tourette trauma
tuberculosis tumour tumor ulcer vertigo verruca vitiligo wart zika hangover hayfever snoring toothache headache
adhd agoraphobia alopecia amyloidosis appendicitis arteriosclerosis atherosclerosis blindness cachexia claustrophobia
concussion dehydration dermatomyositis diverticulitis dysentery dyspepsia dysmenorrhoea encephalopathy endocarditis
fibrillation frailty hearing hernia hirsutism huntington hydrocephalus hyperhidrosis hypotension impotence incontinence
ichthyosis ischaemia ischemia keloid leprosy lipoedema meningitis myasthenia myeloma myopathy myositis nephritis
neurosis orthorexia otitis panic paraplegia pelvic periodontitis pericarditis pica plantar psychosomatic reflux rhinitis
rickets sciatica scleroderma scurvy sickle sinusitis spasticity stuttering tendonitis thalassaemia thrombosis
trichotillomania varicose whiplash
"""
_TREATMENTS = """
acupuncture agomelatine alcohol amphetamine anakinra aripiprazole ashwagandha aspirin ativan azathioprine
benzodiazepine botox bupropion buspirone caffeine cannabis canakinumab cbd chemotherapy chiropractic
chocolate clonidine clozapine cocaine codeine coffee colchicine creatine curcumin diazepam diet dexamethasone duloxetine
electroconvulsive emdr escitalopram exercise fasting fluoxetine gabapentin ginseng guselkumab haloperidol heparin heroin
homeopathy homoeopathy hormone hydroxychloroquine hypnosis hypnotherapy ibuprofen insulin ivermectin juice keto ketamine
lamotrigine levothyroxine lithium lsd magnesium marijuana massage mdma meditation melatonin metformin methadone
methotrexate methylphenidate mindfulness mirtazapine modafinil morphine multivitamin mushroom naltrexone nicotine
nitrous olanzapine omega opioid oxytocin ozempic paracetamol paroxetine penicillin pregabalin probiotic progesterone
propranolol prozac psilocybin quetiapine radiotherapy reiki risankizumab risperidone ritalin rituximab sauna semaglutide
sertraline shampoo smoking statin steroid supplement surgery tai tea testosterone thalidomide tms tobacco tramadol
turmeric vagus valium vaping vegan vegetarian venlafaxine viagra vitamin vortioxetine xanax yoga zinc zoloft
spray patch implant
ablation acamprosate adderall amitriptyline angioplasty antihistamine apixaban atomoxetine bypass
cryotherapy dialysis dupilumab emapalumab esketamine evening famotidine gluten hydrotherapy hyperbaric inositol
iron lavender lisdexamfetamine magnetic mesotherapy microdosing neurofeedback nortriptyline pacemaker plasmapheresis
prazosin prebiotic rtms saffron selenium sildenafil spironolactone stimulator surgery tdcs transcranial
transfusion trazodone tryptophan valerian warfarin
"""
_BODY = """
ankle appendix bladder bone brainstem breast cholesterol colon cornea ear eye eyesight fertility gallbladder gum hair
hearing heart hip hippocampus hormone jaw kidney knee libido limb lung menstrual menstruation microbiome mouth muscle nail
neck nerve nose ovary pancreas penis period prostate pupil rectum renal retina sex sexual shoulder skin smell sperm spine
spleen stomach taste thyroid tongue tooth teeth urine uterus vagina vision voice weight wrinkle memory cortisol serotonin
dopamine oestrogen estrogen adrenaline glutamate gaba ferritin homocysteine telomere
adrenal amygdala aorta bile bladder bowel cardiac cerebellum coronary cornea dental dermal gastric gonad hepatic
hippocampal hippocampi hypothalamus insula intestine joint larynx lens lymph mammary marrow mitochondria nasal
ocular oral pineal pituitary placenta pulmonary renal retinal salivary scalp scrotum sinus skull spinal striatum tendon
testicle thalamus tonsil trachea ureter vascular vein ventricle
aldosterone bdnf bilirubin creatinine endorphin ghrelin histamine leptin melatonin noradrenaline norepinephrine
prolactin renin troponin tsh urate vasopressin
"""
_PEOPLE = """
adolescent african aboriginal american asian astronaut athlete baby black boy cat cattle caucasian child chinese cow dog
elderly ethnic farmer gay girl hispanic homeless horse immigrant indigenous infant inuit jewish latino lesbian lgbt male
female man men maori mouse muslim newborn nun orphan pensioner pig police prisoner rat refugee sailor schoolchild soldier
student teacher teen teenage teenager toddler transgender twin veteran widow woman women
"""
_OTHER = """
dream nightmare bright phototherapy prison hay fridge refrigerator storage celebrity waiting mutism dysphoria premenstrual jetlag commute pilot wedding
funeral flight airport travel tattoo piercing ghost god prayer astrology horoscope lawyer court crypto bitcoin laptop phone
printer password email car bicycle train bus house mortgage rent garden plant dinner restaurant wine beer vodka
aggression aggressive anger angry appetite bereavement bullying rage career cost creativity crime dating divorce driving employment expense expensive
grief happiness income insurance intelligence iq loneliness lottery marriage mobility money pension personality poverty
price productivity racism relationship religion salary school esteem sociability tax unemployment violence wage
weather football cricket election president minister recipe holiday film movie song novel
assay brand logo manufacturer statistician biostatistician paid payment reimbursed reimbursement
recruiter spouse twin vacancy warehouse
"""

_SITES = frozenset({"skin", "vein", "arm", "mouth"})
"""Where an injection goes in is no subject of its own."""

ILLNESS_WORDS = frozenset(form for w in _ILLNESSES.split() for form in (w, singular(w)))
WATCH_WORDS = ILLNESS_WORDS | frozenset(
    form for w in f"{_TREATMENTS} {_BODY} {_PEOPLE} {_OTHER}".split() for form in (w, singular(w))
)

_TREATMENT_WORDS = frozenset(form for w in _TREATMENTS.split() for form in (w, singular(w)))

_DRUG_ENDINGS = (
    "mab", "nib", "cept", "azole", "pril", "sartan", "olol", "azine", "terol", "statin", "cillin", "mycin", "zepam",
    "oxetine", "kinra", "tidine", "gliptin", "glutide", "cybin", "tinib", "umab", "setron", "triptan", "barbital",
)  # fmt: skip
_ENDINGS = (
    *_DRUG_ENDINGS, "itis", "osis", "emia", "aemia", "oma", "pathy", "phobia", "plegia", "algia", "ectomy", "lepsy", "trophy",
)  # fmt: skip
_DRUG_INE = re.compile(r"^[a-z]{5,}(?:pine|done|mine|line|cine|tine|dine|zine|rine|fine)$")
_PLAIN_INE = frozenset("medicine mine line online decline combine examine determine routine define nine fine guideline baseline deadline headline machine vaccine discipline genuine engine imagine refine confine outline underline timeline pipeline".split())  # fmt: skip


def is_watched(word: str, text: str) -> bool:
    """True when the word, as it stands in the text, names an illness, a treatment, a body part, a group of people
    or a study; a word in capitals, or a capitalised one inside a sentence, counts as a name. Of the sentences before
    the question itself only illnesses and names count: the rest is somebody's story."""
    if word in _SITES and asks_how_given(text):
        return False
    sentences = [x for x in re.split(r"(?<=[.!?])\s+", text) if x.strip()]
    asked = [x for x in sentences if x.rstrip().endswith("?") or x.startswith("(")] or sentences
    told_before = not any(re.search(rf"\b{re.escape(word)}", x, re.IGNORECASE) for x in asked)
    if told_before and word not in ILLNESS_WORDS and not is_name(word, text):
        return False
    if word in WATCH_WORDS or word.endswith(_ENDINGS):
        return True
    if _DRUG_INE.match(word) and word not in _PLAIN_INE:
        return True
    return is_name(word, text)


def is_treatment(word: str) -> bool:
    """True when the word names a treatment or is formed like the name of a drug."""
    return (
        word in _TREATMENT_WORDS
        or word.endswith(_DRUG_ENDINGS)
        or bool(_DRUG_INE.match(word) and word not in _PLAIN_INE)
    )


def is_name(word: str, text: str) -> bool:
    """True when the text writes the word as a name: in capitals, or capitalised inside a sentence."""
    place = re.search(rf"(?P<before>.?)\s?\b(?P<word>{re.escape(word)}(?:e?s)?)\b", text, re.IGNORECASE)
    if place is None:
        return False
    seen = place.group("word")
    if seen.isupper() and len(seen) >= 4 and not text.isupper():
        return True
    inside = place.start("word") > 0 and text[: place.start("word")].rstrip()[-1:] not in {
        "",
        ".",
        "?",
        "!",
        ":",
        "-",
    }
    return inside and seen[0].isupper() and seen[1:].islower() and not text.istitle()


_OBJECT = (
    r"(?:\b(?:help(?:s|ed|ful)?|work(?:s|ed)?|treat(?:s|ed|ing)?|cures?|good|eases?|relieves?|effective|does anything|do anything)"
    r" (?:with |for |against )?(?:(?:my|her|his|their|the|an?|some|severe|chronic|bad|premature|early|sudden|recurrent) ){{0,2}}{word}"
    r"|\bhow many {word}|\bmakes? (?:you|me|him|her|them|people) {word})"
    r"(?=\W*$|[?.,;:!]|\W+(?:and|or|of|in|on|at|for|with|after|before|when|if|because|but|too|as|from|were|are|was|is)\b)"
)
_ALLOWED = (
    r"^\W*(?:so |and |but |ok |hi )*(?:(?:can|could|may|should|am|is) (?:i|he|she|we|you|they|someone|my \w+)(?: allowed to)?|is it (?:ok(?:ay)?|safe|fine|allowed)(?: for \w+)? to) "
    r"(?:still |safely )?(?:\w+ ){{0,5}}?{word}\b[^?.!]{{0,40}}\b(?:while|when|on|with|after|during|alongside)\b"
)
SHORTEST_OBJECT = 3


def is_the_object(word: str, text: str) -> bool:
    """True for the thing that a treatment is asked to help with, to cause, or that is to be counted."""
    if len(word) < SHORTEST_OBJECT:
        return False
    form = rf"{re.escape(word)}(?:e?s)?"
    return any(re.search(p.format(word=form), text, re.IGNORECASE) for p in (_OBJECT, _ALLOWED))
