"""The commodities of an aluminium, coal and die-casting zone, by the customs tariff's codes."""

from django.db import migrations

# Name, HS code (first six digits as in all countries; 海关总署《进出口税则》), measure, synonyms,
# qualities, waste. Waste classes after 固体废物分类与代码目录 (2024) and 国家危险废物名录 (2025), HW48:
# which class a particular lot is, its owner's own assessment says.
ROWS = (
    ("铝土矿", "260600", "吨", "铝矾土、铝矿石、铝矿砂", "三氧化二铝、铝硅比、水分", ""),
    ("氧化铝", "281820", "吨", "冶金级氧化铝", "三氧化二铝、二氧化硅", ""),
    ("氢氧化铝", "281830", "吨", "", "三氧化二铝、附水", ""),
    ("精煤", "270112", "吨", "洗精煤、炼焦精煤、焦精煤", "灰分、硫分、水分、黏结指数", ""),
    ("动力煤", "270119", "吨", "电煤、混煤", "发热量、灰分、硫分、水分", ""),
    ("石灰石", "252100", "吨", "石灰岩", "氧化钙、二氧化硅", ""),
    ("石灰", "252210", "吨", "生石灰", "有效氧化钙", ""),
    ("烧碱", "281512", "吨", "液碱、氢氧化钠溶液", "氢氧化钠", ""),
    ("铝锭", "760110", "吨", "电解铝、重熔用铝锭、原铝", "铝", ""),
    ("铝合金锭", "760120", "吨", "压铸铝合金、铸造铝合金", "硅、铁", ""),
    ("废铝", "760200", "吨", "铝废料、再生铝原料", "铝", ""),
    ("铝箔坯料", "760711", "吨", "铝箔、铝卷", "厚度", ""),
    ("压铸件", "761699", "件", "铝压铸件、铝铸件", "", ""),
    ("压铸模具", "848041", "套", "模具、压模", "", ""),
    ("脱模剂", "340399", "千克", "", "固含量", ""),
    ("石油焦", "271311", "吨", "生焦", "硫分、灰分", ""),
    ("铁合金用硅", "280469", "吨", "工业硅、金属硅", "硅、铁", ""),
    ("赤泥", "262040", "吨", "铝土矿尾泥", "含水率、碱", "general"),
    ("粉煤灰", "262190", "吨", "炉灰", "烧失量、细度", "general"),
    ("煤矸石", "253090", "吨", "矸石", "发热量", "general"),
    ("脱硫石膏", "252010", "吨", "", "含水率、二水硫酸钙", "general"),
    ("铝灰", "262099", "吨", "二次铝灰、铝渣", "铝、氟", "hazardous"),
    ("木托盘", "441520", "个", "托盘、栈板", "", ""),
    ("汽车运输", "99601", "吨", "拉运、货运、运输", "", ""),
    ("设备租赁", "99602", "台", "租设备、吊车、叉车", "", ""),
)


def fill(apps, schema_editor):
    names = ("name", "code", "measure", "synonyms", "qualities", "waste")
    commodity = apps.get_model("exchange", "Commodity")
    for row in ROWS:
        commodity.objects.create(**dict(zip(names, row, strict=True)))


class Migration(migrations.Migration):
    """What enterprises of such a zone have and want; a zone adds its own."""

    dependencies = [("exchange", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
