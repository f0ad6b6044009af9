namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>Body, lungs, heart and what lies below the diaphragm, as matter along each ray (1 is about a chest wall).</summary>
internal static class SoftTissue
{
    public static void Body(FloatImage plane, FloatImage work, FloatImage scratch, Rasterizer brush, Chest chest, SeededRandom random)
    {
        var stout = chest.Patient.Stoutness;
        var flank = (0.86 + 0.22 * stout) * chest.Patient.Breadth;
        var slope = random.Between(-0.05, 0.06) - (chest.Bedside ? 0.04 : 0);
        work.Clear();
        Vec[] Half(double jitter) => Curve.Through(
        [
            new(0.22, -1.9), new(0.22, -1.12), new(0.31, -0.98 + slope), new(0.55, -0.89 + slope), new(0.86, -0.84 + slope),
            new(1.10, -0.72 + slope), new(1.22, -0.42 + jitter), new(1.13, -0.14 + jitter), new(flank + 0.08, 0.05 + jitter), new(flank, 0.24),
            new(flank - 0.02, 0.55), new(flank + 0.02, 0.95), new(flank + 0.05, 2.2),
        ], steps: 6);
        Vec[] left = Half(random.Between(-0.05, 0.1)), right = Half(random.Between(-0.05, 0.1));
        brush.Fill(work, [.. left, .. right.Reverse().Select(at => at.MirroredIf(true))], 1);
        if (random.Chance(chest.Bedside ? 0.6 : 0.15))
        {
            foreach (var mirror in (bool[])[false, true])
            {
                var gap = random.Between(0.02, 0.12);
                var arm = Curve.Through([new(1.0, -0.55), new(flank + 0.1 + gap, 0.1), new(flank + 0.06 + gap, 0.8), new(flank + 0.1 + gap, 2.0)], steps: 6);
                var outer = arm.Select(at => new Vec(at.X + 0.27, at.Y)).Reverse();
                brush.Fill(work, [.. arm.Concat(outer).Select(at => at.MirroredIf(mirror))], 0.7);
            }
        }
        Cap(work, 1);
        plane.Add(work, 0.42f);
        work.Blur(14, scratch);
        plane.Add(work, 0.55f + 0.25f * (float)stout);
    }

    /// <summary>Air in the lungs, 0 to 1, thinner towards the rim. Left in <paramref name="air"/>; <paramref name="inside"/> gets the plain mask.</summary>
    public static void Air(FloatImage air, FloatImage inside, FloatImage scratch, Rasterizer brush, Chest chest)
    {
        inside.Clear();
        foreach (var lung in chest.Lungs) brush.Fill(inside, lung.Outline, 1);
        inside.Soften(0.6f, scratch);
        air.CopyFrom(inside);
        air.Blur(7, scratch);
        for (var i = 0; i < air.Values.Length; i++) air.Values[i] = inside.Values[i] * (0.35f + 0.65f * air.Values[i]);
    }

    /// <summary>No two lungs are equally clear, sick or not: one a little denser than the other, here and there a patch of infection.</summary>
    public static void Haze(FloatImage plane, FloatImage work, FloatImage scratch, FloatImage inside, Rasterizer brush, Chest chest, SeededRandom random)
    {
        work.Clear();
        foreach (var lung in chest.Lungs)
        {
            brush.Fill(work, lung.Outline, random.Between(-0.07, 0.07));
            if (!random.Chance(0.2)) continue;
            var at = Vec.Between(lung.Hilum, lung.Wall[random.Below(lung.Wall.Length)], random.Between(0.2, 0.9));
            brush.Fill(work, Curve.Ellipse(at, random.Between(0.1, 0.25), random.Between(0.1, 0.3), random.Between(0, 3)), random.Between(-0.08, 0.2));
        }
        work.Blur(6, scratch);
        work.Multiply(inside);
        plane.Add(work, 1);
    }

    /// <summary>Heart, great vessels and the tissue around them.</summary>
    public static void Mediastinum(FloatImage plane, FloatImage air, FloatImage work, FloatImage scratch, Rasterizer brush, Chest chest, SeededRandom random)
    {
        var size = chest.Patient.Heart * (chest.Bedside ? 1.1 : 1);
        var dx = chest.Shift;
        Vec At(double x, double y) => new(x + dx, y);

        work.Clear();
        brush.Fill(work, [At(-0.10, -0.95), At(-0.12, -0.5), At(-0.13, 0.0), At(-0.14, 0.75), At(0.16, 0.75), At(0.13, 0.0), At(0.13, -0.5), At(0.10, -0.95)], 0.3);
        work.Blur(5, scratch);
        plane.Add(work, 1);

        work.Clear();
        brush.Fill(work, Curve.Ellipse(At(0.15 * size, 0.31), 0.40 * size, 0.21 * size, random.Between(0.6, 0.9)), 0.42);
        brush.Fill(work, Curve.Ellipse(At(-0.02, 0.24), 0.13 * size, 0.24 * size), 0.3);
        brush.Fill(work, Curve.Ellipse(At(0.10, -0.08), 0.10, 0.11), 0.3);
        Cap(work, 0.48f);
        work.Blur(2, scratch);
        plane.Add(work, 1);
        work.Multiply(air);     // where the heart is, lung is not
        plane.Add(work, 0.6f);

        work.Clear();
        brush.Fill(work, Curve.Ellipse(At(0.105, -0.29), 0.085, 0.08 + 0.0006 * chest.Patient.Age), 0.3);
        brush.Fill(work, Curve.Ellipse(At(-0.09, -0.35), 0.06, 0.26), 0.2);
        work.Blur(1, scratch);
        plane.Add(work, 1);

        // The air in trachea and main bronchi.
        var carina = At(0.01, -0.22);
        brush.Stroke(plane, Curve.Through([new(0, -1.4), new(0, -0.9), At(0.0, -0.55), carina]), _ => 0.045, share => -0.3 * PortableMath.Smooth(share * 8), Profiles.Rod);
        brush.Stroke(plane, [carina, At(-0.14, -0.06)], _ => 0.032, share => -0.16 * (1 - share), Profiles.Rod);
        brush.Stroke(plane, [carina, At(0.16, -0.09)], _ => 0.03, share => -0.16 * (1 - share), Profiles.Rod);
    }

    /// <summary>Liver, spleen and bowel below the domes, a bubble in the stomach, and the breasts before it all.</summary>
    public static void Abdomen(FloatImage plane, FloatImage work, FloatImage scratch, Rasterizer brush, Chest chest, SeededRandom random)
    {
        work.Clear();
        Vec[] domes = [.. chest.Right.Diaphragm, .. chest.Left.Diaphragm.Reverse()];
        brush.Fill(work, [.. domes, new(1.1, 0.9), new(1.1, 2.4), new(-1.1, 2.4), new(-1.1, 0.9)], random.Between(0.3, 0.6));
        work.Soften(1, scratch);
        plane.Add(work, 1);

        work.Clear();
        if (random.Chance(0.5))
        {
            var left = chest.Left.Diaphragm[chest.Left.Diaphragm.Length / 2];
            brush.Fill(work, Curve.Ellipse(left + new Vec(random.Between(-0.12, 0.05), random.Between(0.09, 0.14)), random.Between(0.07, 0.17), random.Between(0.03, 0.07), random.Between(-0.3, 0.3)), -random.Between(0.2, 0.6));
        }
        for (var loop = random.Below(6); loop > 0; loop--)
        {
            var at = new Vec(random.Between(-0.5, 0.6), random.Between(0.75, 1.1));
            brush.Fill(work, Curve.Ellipse(at, random.Between(0.03, 0.09), random.Between(0.02, 0.06), random.Between(-1, 1)), -random.Between(0.1, 0.35));
        }
        work.Blur(1, scratch);
        plane.Add(work, 1);

        if (!chest.Patient.Female) return;
        work.Clear();
        var low = random.Between(0.3, 0.48);
        var wide = random.Between(0.24, 0.33);
        foreach (var mirror in (bool[])[false, true])
            brush.Fill(work, Curve.Ellipse(new Vec(0.5, low).MirroredIf(mirror), wide, wide * 0.85, mirror ? -0.3 : 0.3), 0.1 + 0.14 * chest.Patient.Stoutness);
        work.Blur(2, scratch);
        plane.Add(work, 1);
    }

    private static void Cap(FloatImage plane, float most)
    {
        for (var i = 0; i < plane.Values.Length; i++) plane.Values[i] = Math.Min(plane.Values[i], most);
    }
}
