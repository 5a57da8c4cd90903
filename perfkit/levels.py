"""What the headings of the indicator table mean: level 1 (一级指标) and level 2 (二级指标).

Headings are printed in many ways (`产出指标(50分)`, `数量`, `服务对象满意度指标等`, `成本 指标`); here each
is brought to its canonical name, and a weight printed in it is read off.
"""
