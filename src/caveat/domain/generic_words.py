"""Everyday words that a question may hold without being about them."""

from __future__ import annotations

_WORDS = """
able ability according account actual actually add added address advice advise affect affected affecting affects age
aged ago agree ahead aim allow alone already although always amount answer anybody anymore anyway apart apparently
appear appears approach area argue around article ask asked asking aware away back background bad badly based basic
basically basis become becoming began begin behind believe benefit beneficial best better big bit blog body book both
bottom brief bring brother bunch call called came care carer carry case catch category cause caused causes causing
certain certainly chance change changed changes changing check choose claim claimed claims clear clearly clinic
clinical clinician close collection collections colleague come comes coming common commonly community compare compared
comparing comparison complete completed concern concerned conclude conclusion conclusive confirm confirmed confused
confusing connect connected connection consider considered convince convincing correct correlate correlated could
couple course cover currently cure cured cures curious daily date daughter day days deal dear decide decided define
defined definite definition definitive degree depend describe described description desperate detail detailed
determine develop developed device different difference differences differ difficult direct direction directly discuss
discussed disorder disorders doctor doctors document done doubt drug drugs due early easily easy
effect effective effectiveness effects efficacy email else end enough entirely especially establish established
estimate even event events evidence exact exactly examine example excellent except exclude excluded exist exists
expect expected explain explained explains explanation explore extent extra fact facts fail failed fairly false family
far favor favour feel feeling feels felt field figure figures final finally find finding findings finds first focus
folk folks follow followed following form former forward found friend friends full fully future gain gap gaps general
generally girlfriend boyfriend give given giving glad goal gone good got grandma grandmother grandfather great group
groups grow guess guy guys half hand happen happened happening happens hard harm harmful harms hate head headline
headlines health hear heard hello help helped helpful helping helps hey hi high higher highest hint history hold home
honest honestly hope hoping hour huge human humans husband hype idea ideas identify ignore illness illnesses imagine
impact important improve improved improvement improves improving inch include included includes including increase
increased increases increasing indeed individual info information inform informed instead interest interested
interesting internet introduce involve involved involves involving issue issues join journalist journal jumped keep
 kind kinds knew know knowing knowledge known lack large larger largest last late later latest law lead leads
learn least leave led left length less let level levels lie life likely limit limitation limitations limited link
linked links list listed literature little live living local long longer look looked looking lot lots love low lower
lowest mad magazine main mainly major man manage many mark matter matters maybe mean meaning means meant measure
measured measures mechanism mechanisms medical medication medications medicine medicines medic meet member 
mention mentioned mentions method methods mind minor minute miracle mistake mixed modern moment mom month months mother
mouth move much mum name named names near necessarily need needed needs negative neither never new newer newest news
newspaper next nice night none normal normally note notes nothing notice number numbers nurse obvious obviously
occasion occur odd offer often ok okay open opinion opposite option options order ordinary original
outcome outcomes overall paper papers parent parents part participant participants particular partner past path
pathway patient patients pattern people percent percentage perhaps period person personal pharmacist phone piece place
placebo plain plan planned plans play please podcast point points poor popular population populations positive
possible possibly post potential potentially practice precise prefer present press pretty prevent prevents previous
previously primary probably problem problems process produce professional professor project promise promising proof
proper properly proportion prove proved proven proves provide psychiatrist public publication publications publish
published purpose put puts quality quantity question questions quick quickly quite quote range ranges rate rates rather
raise raised reach reaches reaching react reaction read reader readers reading real reality reason reasonable reasons
receive received receiving recent recently recommend recommended reddit reduce reduced reduces reducing refer regard
regarding regular relate related relation relationship relatives relevant reliable relief relieve relieves relieving
remain remember report reported reporting reports research researcher researchers researching respond response rest
result results return reveal review reviewed reviews right rise rises role room rough roughly rule run said sample
samples save saw saying scared scheme science scientific scientist scientists score scores search second secondary
section seeing seem seemed seen sense separate series serious seriously set several severe share short shot show showed
showing shown shows side significant significantly similar simple simply since single sister site situation size skip
small smaller sold solid solve somebody somehow someone sometime sometimes somewhat son soon sorry sort sound
sounds source sources speak specific specifically spend spread stage stand standard start started starting starts
state stated states statement statistic statistical statistically stay step stick stop stopped stopping story straight
strength strong stronger strongest strongly studied studies study studying stuff subject subjects success successful
suffer suffered suffering sufferer suggest suggested suggests suitable sum summarise summarize summary suppose supposed
supposedly support supported supporting supports surely surprise surprised suspect system table taken takes taking talk
talked talking target targets teach team tell telling term terms terrible test tested testing tests thank thanks theory
therapist therapy therapies thought thoughts threat three thus tiktok time times title today told tomorrow took tool top
topic topics total totally touch toward towards track traditional treat treated treating treatment treatments treats
trial trials tried trigger true truly trust truth try trying turn twice two type types typical typically uncle aunt
uncertain uncertainty unclear understand understanding understood unfortunately university unknown unless unlikely
untreated unusual update updates usage use used useful user uses using usual usually value values variety various version
via video view views visit voice   wall want wanted wants warn warning warnings watch way ways weak website
week weeks weird went whatever whether whole wide wife wikipedia willing wish wonder wondering word words
work worked working works world worried worry worse worsen worsened worst worth wow write writing written wrong wrote
year years yes yesterday yet youtube zero adult adults arm arms control controlled controls cohort cohorts
randomised randomized randomly meta analysis analyses systematic registry registered recruiting ongoing protocol
observational association associations associated causal causally causation causative link predict predicts predicted
blood brain cell cells body dose doses dosing dosage inject injection infusion intravenous subcutaneous receive enrol
enroll enrolled recruited recruit participant sample followup met missed endpoint endpoints p value ci interval
confidence ratio odds hazard absolute relative nnt number size mean median average baseline week day month subgroup
marker markers biomarker biomarkers elevated elevation raised raise blocker blockers blocking block blocked blockade
inhibitor inhibitors inhibition antibody antibodies receptor receptors pathway signalling signaling immune immunity
immunology signal signals psychiatric mood mental dear thanks tl dr asap pls plz u ur wanna gonna ive im id dont doesnt
isnt wont cant didnt lol haha omg btw imo bloody damn hell crap shit fuck fucking stupid dumb rubbish nonsense bullshit
snake oil scam disease diseases old older young younger salt water saline big pharma money lying mum dad mam granny nan husband husbands twenties thirties forties fifties sixties
seventies facebook instagram twitter online web site forum news radio tv documentary magazine influencer neighbour
neighbor colleague boyfriend fiance jab jabs jabbed drip drips pill pills tablet tablets shot shots needle 
 saline wired weepy weird fuzzy foggy numb awful horrible dreadful rubbish recover recovered recovering recovery
turned turn turns turning went lift lifts lifted pull pulls pulling pulled gave brought pick picks picked ups downs
half quarter third double doubled thirds tied tie ties maker makers company companies manufacturer manufacturers
rheumatologist rheumatology consultant gp surgeon team hospital hospitals ward clinics appointment forever ever since
tonight monday tuesday wednesday thursday friday saturday sunday january february march april june july august
september october november december ago passing passed mention lately nowadays recently grateful appreciate quick
briefly short shortly summary summarised overview nutshell layman lay simple simply english plain words bullet bullets
explain explained go ahead cut cuts cutting drop drops dropped boost boosts boosted ease eases eased easing soothe calm
calms calming fight fights fighting beat beats tackle tackles combat stops slow slows blunt blunts dampen dampens target
tame tames actual actually exactly specifically especially mainly mostly whatsoever none some any every whole entire
particular specific certain different various several many few much more most lots plenty loads handful bunch couple
number numbers ones two three four five six seven eight nine ten twelve dozen hundred thousand million first second
third fourth last final latest newest oldest biggest largest smallest best worst top key main major minor
behaviour behavior attitude interpret interpretation implication implications conclusion takeaway bottom line verdict
sceptical skeptical critic critics critical fan fans believer expert experts authority authorities editor column piece
follow followup followed tracked tracking observed seen spotted noticed flagged picked noted mirror mirrored
pooled pooling pool across combined combining overall altogether jointly separately alone versus against besides
according authors author team teams group lead leader investigators investigator sponsor sponsored funder funded
single multiple open blind blinded masked unblinded crossover parallel pilot feasibility proof concept phase
survive survives survived adjust adjusted adjusting adjustment account accounting accounted rule ruled control
controlling confounder confounders confound confounding bias biased robust replicate replicated replication hold holds
track tracks tracking judging judge distinct separate separable particular
recommend recommends recommending recommendation recommendations advise advises suggestion suggestions
nurse nurses pharmacist patient's mum's dad's wife's husband's son's daughter's sister's brother's
vs et al among amongst amid via per plus minus etc data dataset real actually truly experiment experiments survey surveys
analysis report reports recorded record records alter alters altered altering protect protects protected protecting fit
fits fitting mimic mimics highlight highlights highlighted slower faster quicker quicken route routes accept accepts act
acts adapt adjust admit agree allow allows announce apply applied applies approach arise arises assess assessed assume
assumed attempt attempts attract avoid avoids avoided await base based bear begin behave belong bet blame borrow bother
bound break build builds built burn carry carries caught cease change choose cite cites cited clarify classify combine
comment commit communicate compare compete complain comprise concern conduct conducted confuse connect consist contain
contains continue continues contradict contradicts contribute contributes convert cope correct count counts cover covers
create creates debate decrease decreased decreases deem deliver delivers delivered demonstrate demonstrates demonstrated
deny deserve design designed detect detected determine determines develops diagnose diagnosed disagree disappear discover
discovered display distinguish divide dominate doubt draw drive drives driven earn elevate eliminate emerge emerged
emphasise employ enable encounter encourage end engage enhance enhances ensure enter enters equal escape estimate
estimated evaluate evaluated evidence evolve exceed exert exhibit expand expose exposed express extend extends face
facilitate fade favour fill fix float forget form formed function functions gather generate grant guide handle hear hide
hinder hint hurt identify identified illustrate imagine imply implies indicate indicates induce induced induces infer
influence influences inform inhibit initiate inspect intend interfere interpret invest investigate investigated invite
join justify justified keep lack land last launch launched lean lies limit limits locate look lose loses lost maintain
maintained manage mark match matched mediate mediates mediated meet melt merge miss mitigate modify modulate modulates
monitor monitored motivate move observe observes obtain obtained occur occurs occurred offer offers offset omit operate
oppose opposes organise outperform outweigh overcome own perform performed performs persist persists pin place play plays
point possess precede precedes prefer prepare present preserve pretend prevail proceed produce produced produces progress
promote promotes prompt propose proposed proposes pull pursue push qualify quote raise rank rate reach realise recall
recognise reconcile reflect reflects refute register reject rejects rely remove removed render repeat repeated replace
replaced represent represents require required requires rescue resolve resolved respond responds responded restore retain
reverse reversed reverses revert reward rid rise run runs sample sat satisfy scale scan  secure seek select selected
send sent serve serves settle settled shape shift shifts sign sit situate specify spot spread stabilise stem stimulate
strengthen  strike submit succeed suffice suit summarise surround survey suspect sustain sustained switch switched
tend tends terminate terminated think threaten tolerate tolerated top touch trace transfer transform translate translates
transmit trial trust uncover undergo undergone underlie underlying undermine undertake unify unite update uphold vary
varies varied verify view visit volunteer volunteered  weaken weakened weigh weighed widen win withdraw worsened write
yield acute chronic overall underlying relevant prior initial subsequent average modest moderate mild severe extreme
marked substantial robust solid thin tentative preliminary early interim final definitive promising disappointing
surprising exciting encouraging alarming worrying scary genuine plausible credible rigorous proper decent fair honest
accurate precise exact rough approximate current previous former latter upcoming planned future past present historic
available accessible missing absent extra additional further another different similar same alike equal unequal opposite
contrary parallel independent dependent direct indirect primary secondary main key central core crucial essential
important critical major minor significant insignificant statistical practical clinical real-world hypothetical theoretical
scientific medical official formal informal legal illegal ethical experimental preclinical translational 
question answers reply replies response thought comment comments opinion opinions debate discussion meeting conference
congress talk lecture slides  press release headline editorial letter chapter textbook database registry website
document documents file files table tables chart graph  figure numbers statistic dataset code version
pills tablets capsule capsules syrup cream patch patches   oral injectable iv sc subcut
'd 'll 're 've ain aint arent couldnt couldn hadnt hasnt havent shouldnt wasnt werent wouldnt theyre youre hes shes whos
lets thats theres heres whens wheres gotta kinda sorta lotta outta dunno lemme gimme cos cuz coz bc b4 tho thru w/ w/o
""".split()

GENERIC_WORDS = frozenset(_WORDS)
