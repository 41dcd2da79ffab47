/// What operators do and what their parties learn.
extension OperatorTexts {
    static let summaries: [String: String] = [
        "Finds the rows of two datasets that have the same id, without showing the ids of the others.":
            "找出两个数据集中标识相同的行，不暴露其他行的标识。",
        """
        Grows boosted trees of the guest's own columns and scores the rows left out: what federation is compared with.
        """:
            "仅用发起方自己的变量训练提升树，并对留出的行评分：作为联邦训练的对比基准。",
        "Cuts each party's columns into bins by quantiles; edges stay with their party.":
            "按分位数对各方变量分箱；分箱边界只留在本方。",
        "Measures how good the predictions in a dataset of the guest are; other parties have no part in it.":
            "评估发起方数据集中预测的好坏；其他各方不参与。",
        "Tells what scores of the guest mean: cut-offs, swap set with an existing score, stability by month.":
            "说明发起方评分的含义：阈值、与现有评分的置换集、按月的稳定性。",
        "Gives the guest every host's part of a model, so that it has the whole of it and can export it.":
            "把每个数据方的模型部分交给发起方，使其拥有完整的模型并可导出。",
        "Ends at once: measures what starting and ending a task costs.":
            "立即结束：用于测量启动和结束一个步骤的开销。",
        "Scores rows by a model of several parties; the guest gets the scores, hosts get nothing.":
            "用多方的模型对行评分；发起方得到评分，数据方一无所得。",
        "Scores rows by a regression of two sites in points; the guest gets the scores, the host nothing.":
            "用两个站点的回归模型对行评分，以分数表示；发起方得到评分，数据方一无所得。",
        "Selects each party's columns by their bins, stability and correlations; nothing crosses.":
            "按分箱、稳定性和相关性筛选各方的变量；没有任何数据离开站点。",
        "Drops the column of each party that works against its own bins in a regression; nothing crosses.":
            "剔除各方在回归中与自身分箱方向相反的那个变量；没有任何数据离开站点。",
        "Grows boosted trees over the columns of several parties; labels stay with the guest.":
            "用多方的变量训练提升树；标签留在发起方。",
        """
        Fits a logistic regression on weights of evidence of two sites of one group: the guest sees partial scores of \
        the host.
        """:
            "对同一集团两个站点的证据权重拟合逻辑回归：发起方可看到数据方的部分得分。",
        "Measures kernels and disk at every site, and round trip, bandwidth and largest frame of every pair.":
            "测量每个站点的计算内核和磁盘，以及每对站点之间的往返时延、带宽和最大帧。",
        "Divides the columns of several parties into bins by their risk; labels stay with the guest.":
            "按风险对多方的变量分箱；标签留在发起方。",
        "Writes each party's columns as weights of evidence of an earlier task; nothing crosses.":
            "按先前步骤的证据权重，把各方的变量写成证据权重；没有任何数据离开站点。",
    ]

    static let learns: [String: String] = [
        "Which of its rows have an id that the host has (both, guest-only), or how many have (size-only).":
            "己方哪些行的标识数据方也有（both、guest-only），或仅有多少行（size-only）。",
        "The number of the host's rows, as the plan says it; of other ids of the host nothing.":
            "数据方的行数，以计划所写为准；对数据方的其他标识一无所知。",
        "Which of its rows have an id that the guest has (both), how many have (size-only), or nothing (guest-only).":
            "己方哪些行的标识发起方也有（both），或仅有多少行（size-only），或一无所知（guest-only）。",
        "The number of the guest's rows, as the plan says it; of other ids of the guest nothing.":
            "发起方的行数，以计划所写为准；对发起方的其他标识一无所知。",
        """
        By leaving ids out or guessing them, either party can test as many ids as its declared rows; ids that are few \
        or easy to guess are protected by the grant's limit of distinct ids alone.
        """:
            "任何一方都可通过略去或猜测标识来试探，试探的标识数至多为其申报的行数；"
            + "数量少或容易猜到的标识，仅靠授权对不同标识数的限制来保护。",
        """
        Each host's part of the model: the names of the columns that were offered to the training, and of each of the \
        host's splits the column, the edge and the side of missing values.
        """:
            "每个数据方的模型部分：提供给训练的列名，以及该数据方每个分裂的列、边界和缺失值的去向。",
        "Nothing: structure, sums, leaves and other parties' parts stay where they are.":
            "一无所知：树的结构、求和结果、叶子和其他各方的模型部分都留在原处。",
        """
        path: which side each row takes in the nodes of hosts that it comes to: a bit for each. bits: which side each \
        row takes in every node of the host, from which most of the row's bins follow.
        """:
            "path：每行在其到达的数据方节点处的去向，每个节点一个比特。"
            + "bits：每行在数据方每个节点处的去向，由此可推知该行的大部分分箱。",
        "path: which rows come to which of its own nodes; bits: nothing. No score, label or leaf in either.":
            "path：哪些行到达己方的哪些节点；bits：一无所知。两种方式都不会得知评分、标签或叶子。",
        """
        The host's part of each row's score, rounded to points: which rows are alike to the host, and with several \
        columns much of their bins.
        """:
            "数据方对每行的部分得分，舍入为分数：由此可知哪些行在数据方看来相同；数据方有多个变量时，还可得知这些行的许多分箱信息。",
        "Nothing: no label, score or coefficient of the guest.":
            "一无所知：不会得知发起方的标签、评分或系数。",
        "For each level of each tree, which rows go left in the nodes that a host splits: a bit per row.":
            "每棵树的每一层，在由数据方分裂的节点中哪些行走左侧：每行一个比特。",
        """
        Sums of gradients on one side of each candidate split of a host, in an order that hides column and threshold; \
        each of at least as many rows as the cell guard says, or of none.
        """:
            "数据方每个候选分裂一侧的梯度之和，其次序隐藏了列和阈值；每个和涉及的行数不少于 cellGuard 的规定，或为零行。",
        """
        How many candidates each host has in a node, and which of them have equal gain; with squared loss without \
        weights also the number of rows on one side of each.
        """:
            "每个数据方在一个节点中有多少候选分裂，其中哪些增益相等；使用平方损失且无权重时，还有每个候选分裂一侧的行数。",
        """
        Which rows are in the open nodes of each level, from the second tree on unless the first is shared: rows of \
        one node have similar residuals. How well that separates the labels is measured and reported.
        """:
            "每一层待分裂的节点中各有哪些行；除非数据方也参与第一棵树，否则从第二棵树开始。"
            + "同一节点的行残差相近；这在多大程度上区分标签会被测量并报告。",
        """
        Which of its own candidates won, which rows a tree learns from, and how many trees are kept; no label, score, \
        gradient or leaf.
        """:
            "己方哪些候选分裂胜出、每棵树用哪些行训练、保留多少棵树；不会得知标签、评分、梯度或叶子。",
        """
        The host's part of every row's score, once in every pass: from two passes on nearly every bin of every row. \
        For sites of one group alone; the host's grant must say partial_scores.
        """:
            "数据方对每行的部分得分，每次迭代一次：从两次迭代起，几乎可得知每行的每个分箱。"
            + "仅适用于同一集团的站点；数据方的授权须包含 partial_scores。",
        """
        The sums of label less probability over its columns in every pass: of n rows so many numbers as it has \
        columns. A host that offers other columns than its own can read labels from them.
        """:
            "每次迭代中，标签与概率之差按其各变量的求和：n 行样本得到的数值个数等于其变量数。"
            + "数据方若提供并非自己真实持有的变量，可从中读出标签。",
        "Its own coefficients.": "己方的系数。",
        "Speeds and sizes of the machines and of the ways between them; no data.":
            "各机器及其之间链路的速度和规模；不涉及任何数据。",
        """
        Of every fine bin of the hosts' columns, in the order of values: how many rows it has, 200 or more, and how \
        many of them are bad. Columns of a host that the plan does not name have numbers alone. Of columns with edges \
        in the plan it knows the values between which the rows are.
        """:
            "数据方变量的每个细分箱（按取值次序）：有多少行（不少于 200 行），其中有多少坏样本。"
            + "计划中未列名的数据方变量只有编号。计划中给出边界的变量，还可得知各行的取值区间。",
        """
        Of every bin of its own columns: how many rows are bad, so their rate and weight. A bin has at least 5 % of \
        the rows, 20 bads and 20 goods, and so has the difference of any two divisions it was ever told of.
        """:
            "己方变量的每个分箱：有多少坏样本，由此可知坏样本率和证据权重。"
            + "每个分箱至少有 5% 的行、20 个坏样本和 20 个好样本；其得知过的任意两种分箱之差也是如此。",
        "How many rows are bad in all, and which of its columns have no two such bins.":
            "坏样本的总数，以及己方哪些变量分不出两个这样的分箱。",
    ]
}
