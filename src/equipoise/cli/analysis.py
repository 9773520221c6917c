"""x"""
def assess(): "x"
def explain(): "x"
def simulate(): "x"
