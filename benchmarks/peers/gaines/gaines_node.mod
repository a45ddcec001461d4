TITLE Node of Ranvier of the Gaines axons: currents of MRG and fast potassium

COMMENT
Gaines and others 2018, doi 10.1007/s10827-018-0689-5; McIntyre, Richardson and Grill 2002,
doi 10.1152/jn.00353.2001. Written from the published equations for the comparison with Tinel;
defaults are the motor axon's, the sensory axon's are set from Python.
ENDCOMMENT

NEURON {
    SUFFIX gaines_node
    NONSPECIFIC_CURRENT i
    RANGE gnaf, gnap, gks, gkf, gl
    RANGE ma, mav, mb, mbv, ha, hav, has, hb, hbv, hbs, pa, pav, pb, pbv
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gnaf = 3.0 (S/cm2)
    gnap = 0.01 (S/cm2)
    gks = 0.08 (S/cm2)
    gkf = 0.02568 (S/cm2)
    gl = 0.007 (S/cm2)
    ena = 50 (mV)
    ek = -90 (mV)
    el = -90 (mV)
    ma = 1.86 (/ms/mV)
    mav = -20.4 (mV)
    mb = 0.086 (/ms/mV)
    mbv = -25.7 (mV)
    ha = 0.062 (/ms/mV)
    hav = -114 (mV)
    has = 11 (mV)
    hb = 2.3 (/ms)
    hbv = -31.8 (mV)
    hbs = 13.4 (mV)
    pa = 0.01 (/ms/mV)
    pav = -27 (mV)
    pb = 0.00025 (/ms/mV)
    pbv = -34 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    i (mA/cm2)
    qm
    qh
    qs
    minf
    hinf
    pinf
    sinf
    ninf
    mrate (/ms)
    hrate (/ms)
    prate (/ms)
    srate (/ms)
    nrate (/ms)
}

STATE { m h p s n }

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = (gnaf*m*m*m*h + gnap*p*p*p)*(v - ena) + (gks*s + gkf*n*n*n*n)*(v - ek) + gl*(v - el)
}

INITIAL {
    qm = 2.2^((celsius - 20)/10)
    qh = 2.9^((celsius - 20)/10)
    qs = 3.0^((celsius - 36)/10)
    rates(v)
    m = minf
    h = hinf
    p = pinf
    s = sinf
    n = ninf
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m)*mrate
    h' = (hinf - h)*hrate
    p' = (pinf - p)*prate
    s' = (sinf - s)*srate
    n' = (ninf - n)*nrate
}

UNITSOFF

PROCEDURE rates(v) { LOCAL a, b
    a = qm*linoid(ma, v - mav, 10.3)
    b = qm*linoid(mb, mbv - v, 9.16)
    mrate = a + b
    minf = a/mrate
    a = qh*linoid(ha, hav - v, has)
    b = qh*hb/(1 + exp((hbv - v)/hbs))
    hrate = a + b
    hinf = a/hrate
    a = qm*linoid(pa, v - pav, 10.2)
    b = qm*linoid(pb, pbv - v, 10)
    prate = a + b
    pinf = a/prate
    a = qs*0.3/(1 + exp((-53 - v)/5))
    b = qs*0.03/(1 + exp(-90 - v))
    srate = a + b
    sinf = a/srate
    a = qs*linoid(0.0462, v + 83.2, 1.1)
    b = qs*linoid(0.0824, -66 - v, 10.5)
    nrate = a + b
    ninf = a/nrate
}

FUNCTION linoid(rate, x, slope) {
    if (fabs(x) < 1e-6*slope) {
        linoid = rate*slope
    } else {
        linoid = rate*x/(1 - exp(-x/slope))
    }
}

UNITSON
