"""Everyday words that a question may hold without being about them."""

from __future__ import annotations

_WORDS = """
'd 'll 're 've ability able absent absolute accept accepts accessible according account accounted
accounting accurate across act acts actual actually acute adapt add added additional address adjust
adjusted adjusting adjustment admit adult adults advice advise advises affect affected affecting affects
against age aged ago agree ahead aim ain aint al alarming alike allow allows alone already alter altered
altering alters although altogether always amid among amongst amount analyses analysis announce another
answer answers antibodies antibody any anybody anymore anyway apart apparently appear appears applied
applies apply appointment appreciate approach approximate april area arent argue arise arises arm arms
around article asap ask asked asking assess assessed associated association associations assume assumed
attempt attempts attitude attract august aunt author authorities authority authors available average avoid
avoided avoids await aware away awful b4 back background bad badly base based baseline basic basically
basis bc bear beat beats become becoming began begin behave behavior behaviour behind believe believer
belong beneficial benefit besides best bet better bias biased big biggest biomarker biomarkers bit blame
blind blinded block blockade blocked blocker blockers blocking blog blood bloody blunt blunts body book
boost boosted boosts borrow both bother bottom bound boyfriend brain break brief briefly bring brother
brother's brought btw build builds built bullet bullets bullshit bunch burn call called calm calming calms
came cant capsule capsules care carer carries carry case catch category caught causal causally causation
causative cause caused causes causing cease cell cells central certain certainly chance change changed
changes changing chapter chart check choose chronic ci cite cited cites claim claimed claims clarify
classify clear clearly clinic clinical clinician clinics close code cohort cohorts colleague collection
collections column combat combine combined combining come comes coming comment comments commit common
commonly communicate community companies company compare compared comparing comparison compete complain
complete completed comprise concept concern concerned conclude conclusion conclusive conduct conducted
conference confidence confirm confirmed confound confounder confounders confounding confuse confused
confusing congress connect connected connection consider considered consist consultant contain contains
continue continues contradict contradicts contrary contribute contributes control controlled controlling
controls convert convince convincing cope core correct correlate correlated cos could couldn couldnt count
counts couple course cover covers coz crap cream create creates credible critic critical critics crossover
crucial cure cured cures curious current currently cut cuts cutting cuz dad dad's daily damn dampen
dampens data database dataset date daughter daughter's day days deal dear debate december decent decide
decided decrease decreased decreases deem define defined definite definition definitive degree deliver
delivered delivers demonstrate demonstrated demonstrates deny depend dependent describe described
description deserve design designed desperate detail detailed detect detected determine determines develop
developed develops device diagnose diagnosed didnt differ difference differences different difficult
direct direction directly disagree disappear disappointing discover discovered discuss discussed
discussion disease diseases disorder disorders display distinct distinguish divide doctor doctors document
documentary documents doesnt dominate done dont dosage dose doses dosing double doubled doubt downs dozen
dr draw dreadful drip drips drive driven drives drop dropped drops drug drugs due dumb dunno early earn
ease eased eases easily easing easy editor editorial effect effective effectiveness effects efficacy eight
elevate elevated elevation eliminate else email emerge emerged emphasise employ enable encounter encourage
encouraging end endpoint endpoints engage english enhance enhances enough enrol enroll enrolled ensure
enter enters entire entirely equal escape especially essential establish established estimate estimated et
etc ethical evaluate evaluated even event events ever every evidence evolve exact exactly examine example
exceed excellent except exciting exclude excluded exert exhibit exist exists expand expect expected
experiment experimental experiments expert experts explain explained explains explanation explore expose
exposed express extend extends extent extra extreme face facebook facilitate fact facts fade fail failed
fair fairly false family fan fans far faster favor favour feasibility february feel feeling feels felt few
fiance field fifties fight fighting fights figure figures file files fill final finally find finding
findings finds first fit fits fitting five fix flagged float focus foggy folk folks follow followed
following followup forever forget form formal formed former forties forum forward found four fourth friday
friend friends fuck fucking full fully function functions funded funder further future fuzzy gain gap gaps
gather gave general generally generate genuine gimme girlfriend give given giving glad go goal gone gonna
good got gotta gp grandfather grandma grandmother granny grant graph grateful great group groups grow
guess guide guy guys hadnt haha half hand handful handle happen happened happening happens hard harm
harmful harms hasnt hate havent hazard head headline headlines health hear heard hell hello help helped
helpful helping helps heres hes hey hi hide high higher highest highlight highlighted highlights hinder
hint historic history hold holds home honest honestly hope hoping horrible hospital hospitals hour huge
human humans hundred hurt husband husband's husbands hype hypothetical id idea ideas identified identify
ignore illegal illness illnesses illustrate im imagine immune immunity immunology imo impact implication
implications implies imply important improve improved improvement improves improving inch include included
includes including increase increased increases increasing indeed independent indicate indicates indirect
individual induce induced induces infer influence influencer influences info inform informal information
informed infusion inhibit inhibition inhibitor inhibitors initial initiate inject injectable injection
insignificant inspect instagram instead intend interest interested interesting interfere interim internet
interpret interpretation interval intravenous introduce invest investigate investigated investigator
investigators invite involve involved involves involving isnt issue issues iv ive jab jabbed jabs january
join jointly journal journalist judge judging july jumped june justified justify keep key kind kinda kinds
knew know knowing knowledge known lack land large larger largest last late lately later latest latter
launch launched law lay layman lead leader leads lean learn least leave lecture led left legal lemme
length less let lets letter level levels lie lies life lift lifted lifts likely limit limitation
limitations limited limits line link linked links list listed literature little live living loads local
locate lol long longer look looked looking lose loses lost lot lots lotta love low lower lowest lying mad
magazine main mainly maintain maintained major maker makers mam man manage manufacturer manufacturers many
march mark marked marker markers masked match matched matter matters maybe mean meaning means meant
measure measured measures mechanism mechanisms median mediate mediated mediates medic medical medication
medications medicine medicines meet meeting melt member mental mention mentioned mentions merge met meta
method methods mild million mimic mimics mind minor minus minute miracle mirror mirrored miss missed
missing mistake mitigate mixed moderate modern modest modify modulate modulates mom moment monday money
monitor monitored month months mood more most mostly mother motivate mouth move much multiple mum mum's
name named names nan near necessarily need needed needle needs negative neighbor neighbour neither never
new newer newest news newspaper next nice night nine nnt none nonsense normal normally note noted notes
nothing notice noticed november nowadays numb number numbers nurse nurses nutshell observational observe
observed observes obtain obtained obvious obviously occasion occur occurred occurs october odd odds offer
offers official offset often oil ok okay old older oldest omg omit ones ongoing online open operate
opinion opinions oppose opposes opposite option options oral order ordinary organise original outcome
outcomes outperform outta outweigh overall overcome overview own p paper papers parallel parent parents
part participant participants particular partner passed passing past patch patches path pathway patient
patient's patients pattern people per percent percentage perform performed performs perhaps period persist
persists person personal pharma pharmacist phase phone pick picked picks piece pill pills pilot pin place
placebo plain plan planned plans plausible play plays please plenty pls plus plz podcast point points pool
pooled pooling poor popular population populations positive possess possible possibly post potential
potentially practical practice precede precedes precise preclinical predict predicted predicts prefer
preliminary prepare present preserve press pretend pretty prevail prevent prevents previous previously
primary prior probably problem problems proceed process produce produced produces professional professor
progress project promise promising promote promotes prompt proof proper properly proportion propose
proposed proposes protect protected protecting protects protocol prove proved proven proves provide
psychiatric psychiatrist public publication publications publish published pull pulled pulling pulls
purpose pursue push put puts qualify quality quantity quarter question questions quick quicken quicker
quickly quite quote radio raise raised randomised randomized randomly range ranges rank rate rates rather
ratio reach reaches reaching react reaction read reader readers reading real real-world realise reality
reason reasonable reasons recall receive received receiving recent recently receptor receptors recognise
recommend recommendation recommendations recommended recommending recommends reconcile record recorded
records recover recovered recovering recovery recruit recruited recruiting reddit reduce reduced reduces
reducing refer reflect reflects refute regard regarding register registered registry regular reject
rejects relate related relation relationship relative relatives release relevant reliable relief relieve
relieves relieving rely remain remember remove removed render repeat repeated replace replaced replicate
replicated replication replies reply report reported reporting reports represent represents require
required requires rescue research researcher researchers researching resolve resolved respond responded
responds response rest restore result results retain return reveal reverse reversed reverses revert review
reviewed reviews reward rheumatologist rheumatology rid right rigorous rise rises robust role room rough
roughly route routes rubbish rule ruled run runs said saline salt same sample samples sat satisfy saturday
save saw saying sc scale scam scan scared scary sceptical scheme science scientific scientist scientists
score scores search second secondary section secure seeing seek seem seemed seen select selected send
sense sent separable separate separately september series serious seriously serve serves set settle
settled seven seventies several severe shape share shes shift shifts shit short shortly shot shots
shouldnt show showed showing shown shows side sign signal signaling signalling signals significant
significantly similar simple simply since single sister sister's sit site situate situation six sixties
size skeptical skip slides slow slower slows small smaller smallest snake sold solid solve some somebody
somehow someone sometime sometimes somewhat son son's soon soothe sorry sort sorta sound sounds source
sources speak specific specifically specify spend sponsor sponsored spot spotted spread stabilise stage
stand standard start started starting starts state stated statement states statistic statistical
statistically stay stem step stick stimulate stop stopped stopping stops story straight strength
strengthen strike strong stronger strongest strongly studied studies study studying stuff stupid subcut
subcutaneous subgroup subject subjects submit subsequent substantial succeed success successful suffer
suffered sufferer suffering suffice suggest suggested suggestion suggestions suggests suit suitable sum
summarise summarised summarize summary sunday support supported supporting supports suppose supposed
supposedly surely surgeon surprise surprised surprising surround survey surveys survive survived survives
suspect sustain sustained switch switched syrup system systematic table tables tablet tablets tackle
tackles takeaway taken takes taking talk talked talking tame tames target targets teach team teams tell
telling ten tend tends tentative term terminate terminated terms terrible test tested testing tests
textbook thank thanks thats theoretical theory therapies therapist therapy theres theyre thin think third
thirds thirties tho thought thoughts thousand threat threaten three thru thursday thus tie tied ties
tiktok time times title tl today told tolerate tolerated tomorrow tonight took tool top topic topics total
totally touch toward towards trace track tracked tracking tracks traditional transfer transform translate
translates translational transmit treat treated treating treatment treatments treats trial trials tried
trigger true truly trust truth try trying tuesday turn turned turning turns tv twelve twenties twice
twitter two type types typical typically u unblinded uncertain uncertainty uncle unclear uncover undergo
undergone underlie underlying undermine understand understanding understood undertake unequal
unfortunately unify unite university unknown unless unlikely untreated unusual upcoming update updates
uphold ups ur usage use used useful user uses using usual usually value values varied varies variety
various vary verdict verify version versus via video view views visit voice volunteer volunteered vs w/
w/o wall wanna want wanted wants ward warn warning warnings wasnt watch water way ways weak weaken
weakened web website wednesday week weeks weepy weigh weighed weird went werent whatever whatsoever whens
wheres whether whole whos wide widen wife wife's wikipedia willing win wired wish withdraw wonder
wondering wont word words work worked working works world worried worry worrying worse worsen worsened
worst worth wouldnt wow write writing written wrong wrote year years yes yesterday yet yield young younger
youre youtube zero
prescribe prescribed prescribing prescriber offered offering suggesting referred
evening evenings afternoon morning mornings nights weekend weekends noon midnight breakfast dinner lunch
kitchen sofa couch bedroom bathroom boss cousin nephew niece grandpa gran granddad landlord lawyer
solicitor church priest pastor college exam exams homework essay dissertation job office holiday holidays
vacation christmas birthday wedding frankly literally allegedly hopefully luckily sadly cheers mate buddy
dude bro lmao wtf tbh idk fyi nope yep yeah nah meh ugh argh thing things netflix laptop
bigger smaller shorter
cry cries crying cried tears weep weeping sob sobbing
"""

GENERIC_WORDS = frozenset(_WORDS.split())
