TITLE Axolemma under the myelin of the Gaines axons: slow and fast potassium, HCN, leak

COMMENT
Gaines and others 2018, doi 10.1007/s10827-018-0689-5. Written from the published equations for the
comparison with Tinel; densities and HCN's half activation are set from Python. Densities count per
surface of the section, which has the whole fibre's diameter.
ENDCOMMENT

NEURON {
    SUFFIX gaines_internode
    NONSPECIFIC_CURRENT i
    RANGE gks, gkf, gq, gl, vq
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gks = 0.002581 (S/cm2)
    gkf = 0.02568 (S/cm2)
    gq = 0.002232 (S/cm2)
    gl = 0.0002 (S/cm2)
    vq = -107.3 (mV)
    ek = -90 (mV)
    el = -90 (mV)
    eq = -54.9 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    i (mA/cm2)
    qs
    sinf
    ninf
    qinf
    srate (/ms)
    nrate (/ms)
    qrate (/ms)
}

STATE { s n q }

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = (gks*s + gkf*n*n*n*n)*(v - ek) + gq*q*(v - eq) + gl*(v - el)
}

INITIAL {
    qs = 3.0^((celsius - 36)/10)
    rates(v)
    s = sinf
    n = ninf
    q = qinf
}

DERIVATIVE states {
    rates(v)
    s' = (sinf - s)*srate
    n' = (ninf - n)*nrate
    q' = (qinf - q)*qrate
}

UNITSOFF

PROCEDURE rates(v) { LOCAL a, b
    a = qs*0.3/(1 + exp((-53 - v)/5))
    b = qs*0.03/(1 + exp(-90 - v))
    srate = a + b
    sinf = a/srate
    a = qs*linoid(0.0462, v + 83.2, 1.1)
    b = qs*linoid(0.0824, -66 - v, 10.5)
    nrate = a + b
    ninf = a/nrate
    b = exp((v - vq)/12.2)
    a = qs*0.00522/b
    b = qs*0.00522*b
    qrate = a + b
    qinf = a/qrate
}

FUNCTION linoid(rate, x, slope) {
    if (fabs(x) < 1e-6*slope) {
        linoid = rate*slope
    } else {
        linoid = rate*x/(1 - exp(-x/slope))
    }
}

UNITSON
