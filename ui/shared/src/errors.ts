/**
 * What a person reads when something did not happen: what it was, that nothing was lost, what to do next.
 * The core and the server send their own sentence; this table speaks where only a code arrived.
 */

/** An error as it crosses from the core or the server. */
export interface CodedError {
  code: string
  sentence?: string
  params?: unknown
}

/** Sentences by code: the server's problem codes and the faces' own. The device core always sends its sentence. */
export const errorSentences: Record<string, string> = {
  // The server's problem documents.
  not_found: '没有找到要看的内容，数据没有丢失；请返回上一页重新进入',
  bad_request: '请求的格式不对，没有写入任何内容，数据没有丢失；请升级后再试',
  method_not_allowed: '服务器不接受这种操作，数据没有丢失；请升级后再试',
  too_large: '一次发送的内容太大，数据都在本机；会自动减小后再发',
  unauthorized: '登录已过期，数据没有丢失；请重新登录',
  forbidden: '没有这项权限，数据没有丢失；请联系管理员',
  version: '软件版本与服务器不一致，数据都在本机；请升级后再交',
  enrol_code: '登记码不对、已用过或已过期，本机数据没有丢失；请向管理员要新的登记码',
  signature: '签名核对不上，服务器没有收下，数据都在本机；请联系管理员',
  segment_broken: '传送中断或内容有改动，服务器没有收下，数据都在本机；会自动重发',
  segment_gap: '服务器要求从前面的记录补发，数据都在本机；会自动补发',
  cursor_history: '服务器上的历史与本机所见不一致，本机数据没有丢失；请联系管理员',
  offset_mismatch: '续传位置不一致，文件都在本机；会自动对齐后续传',
  digest_mismatch: '文件核对不上，服务器没有收下，原片在本机；会自动重传',
  checksum_mismatch: '这一段在途中有改动，服务器没有收下，文件都在本机；会从原处自动重传',
  erased: '这项内容已按规定删除，服务器不再保存；不用再传，其他内容不受影响',
  drafts_full: '这台手机在服务器上的草稿副本已到上限，这一份没有备份，草稿都在本机；请把做完的检查签字完成',
  storage_full: '服务器存储空间不足，没有收下，数据都在本机；请联系管理员清理后再交',
  stale: '记录在打开之后又有变化，刚才的操作没有写入；请刷新后重看再定',
  own_record: '本人参加检查的记录不能由本人审核，没有写入；请由其他审核人审核',
  not_complete: '正文、签名或工作照还没有收齐，暂不能通过；收齐后再审',
  sample_unopened: '抽中的记录还没有全部打开，一份也没有通过；请先打开抽中的记录，再批量通过',
  login: '账号或密码不对，或尝试过多已暂时锁定；请稍后再试或联系管理员',
  internal: '服务器出了问题，刚才的内容没有收下，数据没有丢失；请稍后再试',
  // The faces and the shell between them and the core.
  no_answer: '程序没有回应，这一下没有存上，之前的内容都在；请再点一次，仍不行请重新打开程序',
  receipts_file: '这个文件读不出来，或不是收据文件，本机没有任何改动；请重新选择 .xjr 文件',
  photo_file: '这张照片没有交到程序手里，记录不受影响；请再拍一张',
  unreachable: '连不上服务器，数据都在本机；请看看网络，有信号后会自动再交',
}

/** Any thrown thing as a coded error. */
export function asCoded(thrown: unknown): CodedError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code, sentence, params } = thrown as CodedError
    if (typeof code === 'string') return { code, sentence, params }
  }
  return { code: 'no_answer' }
}

/** The sentence to show for any thrown thing. */
export function sentenceOf(thrown: unknown): string {
  const error = asCoded(thrown)
  return error.sentence || errorSentences[error.code] || (errorSentences['no_answer'] as string)
}
