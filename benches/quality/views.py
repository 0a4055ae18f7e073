"""Other pictures of the same: views of a photo, copies as they come about in a collection, and scenes with a subject in them."""

import io

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

SCENE_SIDE = 800


def part(picture, share, chance):
    """A crop of `share` of each side, anywhere."""
    width, height = (round(side * share) for side in picture.size)
    left, top = chance.randint(0, picture.width - width), chance.randint(0, picture.height - height)
    return picture.crop((left, top, left + width, top + height))


def jpeg(picture, quality):
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=quality)
    return Image.open(held)


def lit(picture, brightness, colour):
    return ImageEnhance.Color(ImageEnhance.Brightness(picture).enhance(brightness)).enhance(colour)


def views(picture, chance):
    """Six views: cropped, mirrored, turned, in another light, blurred or grey, saved badly."""
    corner = picture.getpixel((0, 0))
    blurred = picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 150))
    grey = ImageOps.grayscale(picture).convert("RGB")
    return [
        part(picture, chance.uniform(0.5, 0.75), chance),
        ImageOps.mirror(picture),
        picture.rotate(chance.choice([-12, 12]), Image.Resampling.BICUBIC, fillcolor=corner),
        lit(picture, chance.choice([0.65, 1.4]), chance.choice([0.5, 1.6])),
        chance.choice([blurred, grey]),
        jpeg(part(picture, 0.75, chance), 30),
    ]


def copies(picture, chance):
    """Six copies: smaller and saved badly, cropped, mirrored, in another light, grey, with a border and words."""
    small = picture.resize([max(1, side // 2) for side in picture.size], Image.Resampling.BICUBIC)
    bordered = ImageOps.expand(picture, max(picture.size) // 40, "black")
    ImageDraw.Draw(bordered).text((bordered.width // 8, bordered.height * 7 // 8), "Copy", "yellow", font_size=40)
    return [
        jpeg(small, 50),
        part(picture, chance.uniform(0.7, 0.9), chance),
        ImageOps.mirror(picture),
        lit(picture, chance.choice([0.75, 1.3]), chance.choice([0.7, 1.4])),
        ImageOps.grayscale(picture).convert("RGB"),
        bordered,
    ]


def cut_out(path):
    """A subject without what is transparent around it."""
    picture = Image.open(path).convert("RGBA")
    return picture.crop(picture.getchannel("A").point(lambda opacity: 255 * (opacity > 16)).getbbox())


def scene(subject, background, chance):
    """The subject, with 5 to 20 % of the area, somewhere in a part of the background; and its box: left, top, width and
    height as fractions."""
    picture = part(background, chance.uniform(0.8, 1), chance)
    picture.thumbnail((SCENE_SIDE, SCENE_SIDE), Image.Resampling.BICUBIC)
    subject = placed(subject, picture.size, chance)
    left = chance.randint(0, picture.width - subject.width)
    top = chance.randint(0, picture.height - subject.height)
    colours = lit(subject.convert("RGB"), chance.uniform(0.85, 1.15), chance.uniform(0.8, 1.2))
    picture.paste(colours, (left, top), subject.getchannel("A"))
    width, height = picture.size
    return picture, (left / width, top / height, subject.width / width, subject.height / height)


def placed(subject, size, chance):
    """The subject as large as it shall be in a picture of that size."""
    width, height = size
    area = chance.uniform(0.05, 0.2) * width * height
    factor = (area / (subject.width * subject.height)) ** 0.5
    factor = min(factor, 0.9 * width / subject.width, 0.9 * height / subject.height)
    subject = subject.resize([max(8, int(side * factor)) for side in subject.size], Image.Resampling.BICUBIC)
    return ImageOps.mirror(subject) if chance.random() < 0.5 else subject
